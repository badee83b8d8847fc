-- How long a tenant is served by what may have been changed since; null: nothing is stated.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.policy
  ADD COLUMN max_staleness_millis bigint CHECK (max_staleness_millis > 0);

RESET ROLE;
