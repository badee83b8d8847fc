-- How many requests, tokens and open exchanges a tenant's subtree may have; null: no limit.
SET ROLE penstock_policy_owner;

CREATE TABLE policy.rate_limit (
  tenant text NOT NULL REFERENCES policy.tenant DEFERRABLE INITIALLY DEFERRED,
  name text NOT NULL,
  scope_api_key text,
  scope_model text REFERENCES policy.model DEFERRABLE INITIALLY DEFERRED,
  requests_per_minute bigint CHECK (requests_per_minute > 0),
  tokens_per_minute bigint CHECK (tokens_per_minute > 0),
  concurrent_streams bigint CHECK (concurrent_streams > 0),
  PRIMARY KEY (tenant, name),
  CHECK (num_nonnulls(requests_per_minute, tokens_per_minute, concurrent_streams) > 0)
);

ALTER TABLE policy.rate_limit ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON policy.rate_limit TO penstock_tenant;
CREATE POLICY reads ON policy.rate_limit FOR SELECT TO penstock_tenant
  USING (tenant IN (SELECT policy.reach_and_above('penstock.reads')));
CREATE POLICY sees ON policy.rate_limit FOR SELECT TO penstock_app USING (true);
CREATE POLICY inserts ON policy.rate_limit FOR INSERT TO penstock_app WITH CHECK
  ((SELECT policy.reaches_all('penstock.writes')) OR tenant IN (SELECT policy.reach('penstock.writes')));
CREATE POLICY updates ON policy.rate_limit FOR UPDATE TO penstock_app USING
  ((SELECT policy.reaches_all('penstock.writes')) OR tenant IN (SELECT policy.reach('penstock.writes')));
CREATE POLICY deletes ON policy.rate_limit FOR DELETE TO penstock_app USING
  ((SELECT policy.reaches_all('penstock.writes')) OR tenant IN (SELECT policy.reach('penstock.writes')));

RESET ROLE;
