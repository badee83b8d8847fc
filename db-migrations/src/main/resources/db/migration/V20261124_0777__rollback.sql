-- What each revision changed, as manifests are shown, so that an earlier content can be stated again.
-- The value of a secret and an API key stand in no manifest, so they stand in no row here.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.revision ADD COLUMN rollback_of bigint REFERENCES policy.revision;

-- before and after are the manifest's spec; null where there was no such resource.
CREATE TABLE policy.resource_change (
  revision bigint NOT NULL REFERENCES policy.revision,
  position integer NOT NULL,
  kind text NOT NULL,
  tenant text NOT NULL, -- empty: the platform's
  name text NOT NULL,
  before jsonb,
  after jsonb,
  PRIMARY KEY (revision, position),
  CHECK (before IS NOT NULL OR after IS NOT NULL)
);
REVOKE UPDATE, DELETE ON policy.resource_change FROM penstock_app;

-- The only way out: what is so old that nobody is promised to get back to it.
CREATE FUNCTION policy.retire_resource_changes() RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DELETE FROM policy.resource_change
    WHERE revision <= (SELECT revision FROM policy.head) - 10000
  $$;
GRANT EXECUTE ON FUNCTION policy.retire_resource_changes TO penstock_app;

RESET ROLE;

SET ROLE penstock_audit_owner;
ALTER TABLE audit.event DROP CONSTRAINT event_action_check;
ALTER TABLE audit.event ADD CONSTRAINT event_action_check CHECK (action IN
  ('create', 'update', 'delete', 'rotate', 'revoke', 'rollback', 'write', 'exchange.deny'));
RESET ROLE;
