-- Row-level security, the second line behind the admin API's own gate. Two settings say how far the
-- connection at hand reaches; both hold '*' for everything, or names of tenants with commas between,
-- each with all below it. Where a setting is missing there is nothing.
--   penstock.reads   what the role penstock_tenant sees: requests of somebody whose roles are held at tenants
--   penstock.writes  what the role penstock_app may change; it sees everything, because a write is
--                    judged and compiled against the whole state
-- Owners are not bound: functions that run as an owner keep the rules in their own text.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'penstock_tenant') THEN
    CREATE ROLE penstock_tenant NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
  END IF;
END
$$;
-- To be taken on with SET ROLE, and not to be had without.
GRANT penstock_tenant TO penstock_app WITH INHERIT FALSE, SET TRUE;
GRANT USAGE ON SCHEMA policy, secret, ledger, usage, audit TO penstock_tenant;

SET ROLE penstock_policy_owner;

-- The tenants that a setting names and all below them. It is asked once a statement, not once a row.
CREATE FUNCTION policy.reach(p_setting text) RETURNS SETOF text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    WITH RECURSIVE down AS (
      SELECT t.name FROM policy.tenant t
      WHERE t.name = ANY (string_to_array(current_setting(p_setting, true), ','))
      UNION
      SELECT t.name FROM policy.tenant t JOIN down ON t.parent = down.name)
    SELECT name FROM down
  $$;

-- Those and their ancestors: what binds a tenant comes from above, and is shown with where it came from.
CREATE FUNCTION policy.reach_and_above(p_setting text) RETURNS SETOF text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    WITH RECURSIVE up AS (
      SELECT t.name, t.parent FROM policy.tenant t
      WHERE t.name = ANY (string_to_array(current_setting(p_setting, true), ','))
      UNION
      SELECT t.name, t.parent FROM policy.tenant t JOIN up ON t.name = up.parent)
    SELECT name FROM up UNION SELECT policy.reach(p_setting)
  $$;

CREATE FUNCTION policy.reaches_all(p_setting text) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT current_setting(p_setting, true) IS NOT DISTINCT FROM '*' $$;

GRANT EXECUTE ON FUNCTION policy.reach, policy.reach_and_above, policy.reaches_all
  TO penstock_app, penstock_tenant, penstock_secret_owner, penstock_ledger_owner, penstock_usage_owner,
     penstock_audit_owner;
GRANT USAGE ON SCHEMA policy TO penstock_secret_owner, penstock_ledger_owner, penstock_usage_owner,
  penstock_audit_owner;

DO $$
DECLARE
  rule record;
BEGIN
  -- What is inherited is seen from below as well.
  FOR rule IN
    SELECT * FROM (VALUES
      ('tenant', 'name', 'reach_and_above'), ('policy', 'tenant', 'reach_and_above'),
      ('budget', 'tenant', 'reach_and_above'), ('route', 'tenant', 'reach_and_above'),
      ('api_key', 'tenant', 'reach'), ('member', 'tenant', 'reach')) AS t (name, owner, reach)
  LOOP
    EXECUTE format('ALTER TABLE policy.%I ENABLE ROW LEVEL SECURITY', rule.name);
    EXECUTE format('GRANT SELECT ON policy.%I TO penstock_tenant', rule.name);
    EXECUTE format(
      'CREATE POLICY reads ON policy.%I FOR SELECT TO penstock_tenant USING (%I IN (SELECT policy.%I(''penstock.reads'')))',
      rule.name, rule.owner, rule.reach);
    EXECUTE format('CREATE POLICY sees ON policy.%I FOR SELECT TO penstock_app USING (true)', rule.name);
    EXECUTE format(
      'CREATE POLICY inserts ON policy.%1$I FOR INSERT TO penstock_app WITH CHECK'
      ' ((SELECT policy.reaches_all(''penstock.writes'')) OR %2$I IN (SELECT policy.reach(''penstock.writes'')))',
      rule.name, rule.owner);
    EXECUTE format(
      'CREATE POLICY updates ON policy.%1$I FOR UPDATE TO penstock_app USING'
      ' ((SELECT policy.reaches_all(''penstock.writes'')) OR %2$I IN (SELECT policy.reach(''penstock.writes'')))',
      rule.name, rule.owner);
    EXECUTE format(
      'CREATE POLICY deletes ON policy.%1$I FOR DELETE TO penstock_app USING'
      ' ((SELECT policy.reaches_all(''penstock.writes'')) OR %2$I IN (SELECT policy.reach(''penstock.writes'')))',
      rule.name, rule.owner);
  END LOOP;
END
$$;

RESET ROLE;

-- That there is a secret, and its sealed form: the rows are behind functions already.
SET ROLE penstock_secret_owner;

CREATE OR REPLACE FUNCTION secret.newest()
  RETURNS TABLE (tenant text, name text, version integer, regions text[], wrapped_key bytea, sealed bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT DISTINCT ON (s.tenant, s.name) s.tenant, s.name, s.version, s.regions, s.wrapped_key, s.sealed
    FROM secret.secret s
    WHERE (SELECT policy.reaches_all('penstock.reads'))
      OR s.tenant IN (SELECT policy.reach('penstock.reads'))
    ORDER BY s.tenant, s.name, s.version DESC
  $$;
GRANT EXECUTE ON FUNCTION secret.newest TO penstock_tenant;

RESET ROLE;

SET ROLE penstock_ledger_owner;

ALTER TABLE ledger.budget_window ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON ledger.budget_window TO penstock_tenant;
CREATE POLICY sees ON ledger.budget_window FOR SELECT TO penstock_app USING (true);
CREATE POLICY reads ON ledger.budget_window FOR SELECT TO penstock_tenant
  USING (tenant IN (SELECT policy.reach_and_above('penstock.reads')));

RESET ROLE;

SET ROLE penstock_usage_owner;

ALTER TABLE usage.request_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage.spend_rollup ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage.api_key_use ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON usage.request_record, usage.spend_rollup, usage.api_key_use TO penstock_tenant;
GRANT EXECUTE ON FUNCTION usage.add_counts, usage.sum_counts TO penstock_tenant;
CREATE POLICY reads ON usage.request_record FOR SELECT TO penstock_tenant
  USING (tenant IN (SELECT policy.reach('penstock.reads')));
CREATE POLICY reads ON usage.spend_rollup FOR SELECT TO penstock_tenant
  USING (tenant IN (SELECT policy.reach('penstock.reads')));
-- Of the keys that can be seen.
CREATE POLICY reads ON usage.api_key_use FOR SELECT TO penstock_tenant
  USING (key_id IN (SELECT k.key_id FROM policy.api_key k));
CREATE POLICY sees ON usage.request_record FOR SELECT TO penstock_app USING (true);
CREATE POLICY sees ON usage.spend_rollup FOR SELECT TO penstock_app USING (true);
CREATE POLICY sees ON usage.api_key_use FOR SELECT TO penstock_app USING (true);
-- Nodes report; no caller of the admin API does.
CREATE POLICY inserts ON usage.request_record FOR INSERT TO penstock_app
  WITH CHECK ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY inserts ON usage.spend_rollup FOR INSERT TO penstock_app
  WITH CHECK ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY updates ON usage.spend_rollup FOR UPDATE TO penstock_app
  USING ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY inserts ON usage.api_key_use FOR INSERT TO penstock_app
  WITH CHECK ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY updates ON usage.api_key_use FOR UPDATE TO penstock_app
  USING ((SELECT policy.reaches_all('penstock.writes')));

RESET ROLE;

SET ROLE penstock_audit_owner;

ALTER TABLE audit.event ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON audit.event TO penstock_tenant;
CREATE POLICY sees ON audit.event FOR SELECT TO penstock_app USING (true);
-- What happened to a tenant in reach. Whoever is refused leaves an event as well, wherever it reached for.
CREATE POLICY reads ON audit.event FOR SELECT TO penstock_tenant
  USING (tenant_path && ARRAY (SELECT policy.reach('penstock.reads')));
CREATE POLICY inserts ON audit.event FOR INSERT TO penstock_app WITH CHECK (true);

RESET ROLE;
