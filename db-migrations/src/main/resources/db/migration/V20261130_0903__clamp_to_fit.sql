-- Whether a request that may cost more than is left of a budget gets a lower limit of output instead of a
-- refusal.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.budget ADD COLUMN clamp_to_fit boolean NOT NULL DEFAULT false;

RESET ROLE;
