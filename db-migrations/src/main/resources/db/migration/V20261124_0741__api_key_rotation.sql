-- A rotated key keeps its name until it expires, beside the key that has the name now.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.api_key ADD COLUMN superseded_at timestamptz;
DROP INDEX policy.api_key_name;
CREATE UNIQUE INDEX api_key_name ON policy.api_key (tenant, name)
  WHERE revoked_at IS NULL AND superseded_at IS NULL;

RESET ROLE;

-- When a key was last used, noted with the batch of records that tells of it.
SET ROLE penstock_usage_owner;

CREATE TABLE usage.api_key_use (
  key_id text PRIMARY KEY,
  last_used_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON usage.api_key_use TO penstock_app;

RESET ROLE;
