-- What requests under way hold of leases: nodes say it with their signs of life.
SET ROLE penstock_usage_owner;

-- {lease: nano-USD}; as of the last sign of life, the largest ones where there are very many.
ALTER TABLE usage.node ADD COLUMN held jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(held) = 'object');

GRANT USAGE ON SCHEMA usage TO penstock_ledger_owner;
GRANT SELECT (name, spool_id, held) ON usage.node TO penstock_ledger_owner;

RESET ROLE;

SET ROLE penstock_ledger_owner;

-- What requests under way hold of a window at most, as nodes have said; never more than is on its active
-- leases. 0 for a window that is out of the caller's reach.
CREATE FUNCTION ledger.held(p_window uuid) RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT coalesce(sum(least(
      (n.held ->> l.lease_id::text)::bigint, l.granted - l.returned - l.settled - l.presumed - l.quarantined)), 0)::bigint
    FROM ledger.lease l
    JOIN ledger.budget_window w USING (window_id)
    JOIN usage.node n ON n.name = l.node AND n.spool_id = l.spool_id AND n.held ? l.lease_id::text
    WHERE l.window_id = p_window AND l.state = 'ACTIVE'
      AND (policy.reaches_all('penstock.reads')
        OR w.tenant IN (SELECT policy.reach_and_above('penstock.reads')))
  $$;

REVOKE EXECUTE ON FUNCTION ledger.held FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.held TO penstock_app, penstock_tenant;

RESET ROLE;
