-- Whether a tenant and all below it are in HIPAA mode.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.policy ADD COLUMN hipaa boolean NOT NULL DEFAULT false;

RESET ROLE;
