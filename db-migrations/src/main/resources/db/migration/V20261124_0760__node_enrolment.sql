-- How nodes come by their certificates, and which of these are no longer accepted.
SET ROLE penstock_usage_owner;

-- One-time tokens; only a keyed hash is kept.
CREATE TABLE usage.join_token (
  id text PRIMARY KEY,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  pepper_version integer NOT NULL,
  region text NOT NULL,
  -- Null: for a new node of the region, whatever its name.
  node text,
  role text NOT NULL CHECK (role = 'node'),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  redeemed_at timestamptz,
  redeemed_by text,
  CHECK (expires_at > created_at AND expires_at <= created_at + interval '10 minutes'),
  CHECK ((redeemed_at IS NULL) = (redeemed_by IS NULL))
);

-- Every certificate that was issued here, and those of another authority that nodes have presented.
-- Known by issuer and serial, not by a hash of the whole: whoever holds a certificate can change the
-- encoding of its signature, and it would still verify.
CREATE TABLE usage.node_certificate (
  issuer text NOT NULL,
  serial text NOT NULL,
  node text NOT NULL,
  region text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('enrolled', 'renewed', 'presented')),
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_by text,
  revoked_reason text,
  PRIMARY KEY (issuer, serial),
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_reason IS NULL))
);
CREATE INDEX node_certificate_node ON usage.node_certificate (node, expires_at);
CREATE INDEX node_certificate_revoked ON usage.node_certificate (expires_at) WHERE revoked_at IS NOT NULL;

-- Nodes that were revoked: no certificate of theirs counts until they are let in again.
CREATE TABLE usage.node_bar (
  node text PRIMARY KEY,
  barred_at timestamptz NOT NULL,
  barred_by text NOT NULL,
  reason text NOT NULL
);

GRANT SELECT, INSERT, DELETE ON usage.join_token TO penstock_app;
GRANT UPDATE (redeemed_at, redeemed_by) ON usage.join_token TO penstock_app;
GRANT SELECT, INSERT, DELETE ON usage.node_certificate TO penstock_app;
GRANT UPDATE (revoked_at, revoked_by, revoked_reason) ON usage.node_certificate TO penstock_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage.node_bar TO penstock_app;

RESET ROLE;
