-- Who holds which roles at a tenant and below it. Asked for by subject with every request of somebody
-- whom the identity provider vouches for.
SET ROLE penstock_policy_owner;

CREATE TABLE policy.member (
  member_id uuid PRIMARY KEY,
  tenant text NOT NULL REFERENCES policy.tenant DEFERRABLE INITIALLY DEFERRED,
  name text NOT NULL,
  subject text NOT NULL CHECK (subject <> ''),
  roles text[] NOT NULL CHECK (cardinality(roles) > 0),
  UNIQUE (tenant, name)
);
CREATE INDEX member_subject ON policy.member (subject);

RESET ROLE;
