-- What is looked for in the texts of requests; it binds nobody until a policy names it. The detectors are
-- those of the manifest, in its words and order.
SET ROLE penstock_policy_owner;

CREATE TABLE policy.guard (
  tenant text NOT NULL REFERENCES policy.tenant DEFERRABLE INITIALLY DEFERRED,
  name text NOT NULL,
  detectors jsonb NOT NULL CHECK (jsonb_typeof(detectors) = 'array'),
  PRIMARY KEY (tenant, name)
);

ALTER TABLE policy.guard ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON policy.guard TO penstock_tenant;
-- What binds a tenant is shown with where it came from; which words an ancestor guards is its own business,
-- and the admin API does not show them below it.
CREATE POLICY reads ON policy.guard FOR SELECT TO penstock_tenant
  USING (tenant IN (SELECT policy.reach_and_above('penstock.reads')));
CREATE POLICY sees ON policy.guard FOR SELECT TO penstock_app USING (true);
CREATE POLICY inserts ON policy.guard FOR INSERT TO penstock_app WITH CHECK
  ((SELECT policy.reaches_all('penstock.writes')) OR tenant IN (SELECT policy.reach('penstock.writes')));
CREATE POLICY updates ON policy.guard FOR UPDATE TO penstock_app USING
  ((SELECT policy.reaches_all('penstock.writes')) OR tenant IN (SELECT policy.reach('penstock.writes')));
CREATE POLICY deletes ON policy.guard FOR DELETE TO penstock_app USING
  ((SELECT policy.reaches_all('penstock.writes')) OR tenant IN (SELECT policy.reach('penstock.writes')));

-- Names of guards, each the tenant's own or the nearest ancestor's; in the order in which they are passed.
ALTER TABLE policy.policy ADD COLUMN guards text[] NOT NULL DEFAULT '{}';

RESET ROLE;
