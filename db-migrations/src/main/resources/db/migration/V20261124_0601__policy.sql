-- What the platform team states. References are checked at commit, so that one apply may write its
-- manifests in any order. Amounts of money are nano-USD.
SET ROLE penstock_policy_owner;

CREATE TABLE policy.region (
  name text PRIMARY KEY,
  display_name text,
  jurisdiction text
);

CREATE TABLE policy.tenant (
  name text PRIMARY KEY,
  parent text REFERENCES policy.tenant DEFERRABLE INITIALLY DEFERRED,
  display_name text,
  time_zone text,
  tags jsonb NOT NULL DEFAULT '{}',
  required_tags text[] NOT NULL DEFAULT '{}',
  CHECK (parent <> name)
);
-- One root per installation.
CREATE UNIQUE INDEX tenant_root ON policy.tenant ((parent IS NULL)) WHERE parent IS NULL;
CREATE INDEX tenant_parent ON policy.tenant (parent);

-- The credential's value is in schema `secret`, which has another owner: hence no foreign key.
CREATE TABLE policy.provider (
  name text PRIMARY KEY,
  protocol text NOT NULL,
  base_url text NOT NULL,
  region text REFERENCES policy.region DEFERRABLE INITIALLY DEFERRED,
  secret_tenant text NOT NULL REFERENCES policy.tenant DEFERRABLE INITIALLY DEFERRED,
  secret_name text NOT NULL,
  compliance text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE policy.model (
  name text PRIMARY KEY,
  context_tokens bigint CHECK (context_tokens > 0),
  max_output_tokens bigint CHECK (max_output_tokens > 0),
  capabilities text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE policy.deployment (
  deployment_id uuid PRIMARY KEY,
  name text NOT NULL,
  model text NOT NULL REFERENCES policy.model ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  position integer NOT NULL,
  provider text NOT NULL REFERENCES policy.provider DEFERRABLE INITIALLY DEFERRED,
  upstream_model text NOT NULL,
  weight integer NOT NULL CHECK (weight >= 0),
  UNIQUE (name) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX deployment_model ON policy.deployment (model);

-- Nano-USD per million tokens; of a model, or of one deployment instead of its model's.
CREATE TABLE policy.price (
  price_id uuid PRIMARY KEY,
  model text NOT NULL REFERENCES policy.model ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  deployment_id uuid REFERENCES policy.deployment ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  valid_from timestamptz NOT NULL,
  input bigint NOT NULL CHECK (input >= 0),
  cache_read bigint CHECK (cache_read >= 0),
  output bigint NOT NULL CHECK (output >= 0),
  UNIQUE NULLS NOT DISTINCT (model, deployment_id, valid_from)
);

CREATE TABLE policy.policy (
  tenant text PRIMARY KEY REFERENCES policy.tenant DEFERRABLE INITIALLY DEFERRED,
  allowed_models text[],
  residency_regions text[],
  unknown_price text CHECK (unknown_price IN ('refuse', 'ceiling')),
  unknown_price_ceiling bigint CHECK (unknown_price_ceiling >= 0),
  CHECK ((unknown_price IS NOT DISTINCT FROM 'ceiling') = (unknown_price_ceiling IS NOT NULL))
);

CREATE TABLE policy.budget (
  budget_id uuid PRIMARY KEY,
  tenant text NOT NULL REFERENCES policy.tenant DEFERRABLE INITIALLY DEFERRED,
  name text NOT NULL,
  scope_api_key text,
  scope_model text REFERENCES policy.model DEFERRABLE INITIALLY DEFERRED,
  amount_nano_usd bigint NOT NULL CHECK (amount_nano_usd >= 0),
  window_every text NOT NULL
    CHECK (window_every IN ('hour', 'day', 'week', 'month', 'quarter', 'year')),
  time_zone text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('strict', 'available')),
  UNIQUE (tenant, name)
);

-- A revoked key stays: its holder is told that it was revoked.
CREATE TABLE policy.api_key (
  key_id text PRIMARY KEY,
  tenant text NOT NULL REFERENCES policy.tenant DEFERRABLE INITIALLY DEFERRED,
  name text NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  pepper_version integer NOT NULL,
  models text[] NOT NULL DEFAULT '{}',
  tags jsonb NOT NULL DEFAULT '{}',
  expires_at timestamptz,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE UNIQUE INDEX api_key_name ON policy.api_key (tenant, name) WHERE revoked_at IS NULL;

-- One row, incremented in the transaction of every write: commit order is revision order, which a
-- sequence would not give.
CREATE TABLE policy.head (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  revision bigint NOT NULL
);
INSERT INTO policy.head (revision) VALUES (0);

CREATE TABLE policy.revision (
  revision bigint PRIMARY KEY,
  author text NOT NULL,
  at timestamptz NOT NULL,
  changes jsonb NOT NULL
);

-- A snapshot names its resources by key and content hash; equal contents are stored once.
CREATE TABLE policy.blob (
  sha256 bytea PRIMARY KEY,
  payload bytea NOT NULL
);
CREATE TABLE policy.snapshot (
  region text NOT NULL,
  revision bigint NOT NULL REFERENCES policy.revision,
  digest bytea NOT NULL,
  signature bytea NOT NULL,
  allow_mass_delete boolean NOT NULL,
  rollback_of bigint NOT NULL,
  keys text[] NOT NULL,
  hashes bytea[] NOT NULL,
  PRIMARY KEY (region, revision),
  CHECK (cardinality(keys) = cardinality(hashes))
);

-- History is appended and read.
REVOKE UPDATE, DELETE ON policy.revision FROM penstock_app;
REVOKE INSERT, DELETE ON policy.head FROM penstock_app;

RESET ROLE;
