-- Who did what to which resource: one row per change of the state, per refused write and per denied
-- exchange, written in the transaction of what it tells about. Rows are appended and read, never
-- changed. No secret, key or prompt is in here: contents appear as hashes only.
SET ROLE penstock_audit_owner;

CREATE TABLE audit.event (
  -- Order of appending. A transaction that was rolled back leaves a gap.
  index bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- When it happened; of an exchange by the node's clock.
  at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL,
  action text NOT NULL CHECK (action IN ('create', 'update', 'delete', 'rotate', 'revoke', 'write', 'exchange.deny')),
  -- Empty where the resource is not known.
  resource text NOT NULL,
  -- From the root to the tenant concerned, as the tree was then; empty for what the platform owns.
  tenant_path text[] NOT NULL,
  -- SHA-256 of the manifest as it is shown; null where there was or is none.
  before_hash bytea CHECK (length(before_hash) = 32),
  after_hash bytea CHECK (length(after_hash) = 32),
  outcome text NOT NULL CHECK (outcome IN ('done', 'refused', 'denied')),
  -- Why it was refused or denied; of an exchange the error code.
  reason text NOT NULL,
  -- The revision that a change made, or under which an exchange was denied; 0: none.
  revision bigint NOT NULL,
  request_id uuid,
  api_key_id text NOT NULL
);
CREATE INDEX event_at ON audit.event (at);
CREATE INDEX event_actor ON audit.event (actor, index DESC);
CREATE INDEX event_resource ON audit.event (resource, index DESC);
CREATE INDEX event_action ON audit.event (action, outcome, index DESC);
CREATE INDEX event_request ON audit.event (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX event_tenant ON audit.event USING gin (tenant_path);

-- Not even the owner, by mistake.
CREATE FUNCTION audit.refuse_change() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
    BEGIN
      RAISE EXCEPTION 'audit events are appended and read, never changed'
        USING ERRCODE = 'insufficient_privilege';
    END
  $$;
CREATE TRIGGER event_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.event
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT SELECT, INSERT ON audit.event TO penstock_app;

RESET ROLE;
