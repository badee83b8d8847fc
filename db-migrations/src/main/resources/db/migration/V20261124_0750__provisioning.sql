-- What the identity provider has not been told yet, one row a tenant: written in the transaction of
-- the change, worked off by whichever replica claims it. No reference to the tenant, because one that is
-- gone has to be told, too.
SET ROLE penstock_policy_owner;

CREATE TABLE policy.provisioning (
  tenant text PRIMARY KEY,
  wanted_revision bigint NOT NULL CHECK (wanted_revision >= 0),
  wanted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  done_revision bigint NOT NULL DEFAULT -1,
  done_at timestamptz,
  -- null: there is nothing to do
  due_at timestamptz DEFAULT clock_timestamp(),
  claimed_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  -- why the last attempt failed, or what it could not find yet
  reason text NOT NULL DEFAULT ''
);
CREATE INDEX provisioning_due ON policy.provisioning (due_at) WHERE due_at IS NOT NULL;

-- Tenants that were there before.
INSERT INTO policy.provisioning (tenant, wanted_revision)
  SELECT name, (SELECT revision FROM policy.head) FROM policy.tenant;

-- Which domains and identity providers are a tenant's; null: nobody has said, so nothing is changed.
ALTER TABLE policy.tenant ADD COLUMN sso jsonb;

-- A program that has tokens of its own; it holds no roles.
ALTER TABLE policy.member ADD COLUMN service_account boolean NOT NULL DEFAULT false;
ALTER TABLE policy.member DROP CONSTRAINT member_roles_check;
ALTER TABLE policy.member ADD CONSTRAINT member_roles_check
  CHECK (service_account = (cardinality(roles) = 0));

RESET ROLE;
