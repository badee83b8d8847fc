-- How a model name becomes deployments to try. `groups`: [[{"deployment": …, "weight": …}, …], …];
-- milliseconds and attempts: 0 where the route says nothing.
SET ROLE penstock_policy_owner;

CREATE TABLE policy.route (
  tenant text NOT NULL REFERENCES policy.tenant DEFERRABLE INITIALLY DEFERRED,
  name text NOT NULL,
  model text NOT NULL,
  groups jsonb NOT NULL CHECK (jsonb_typeof(groups) = 'array'),
  connect_millis bigint NOT NULL CHECK (connect_millis >= 0),
  first_token_millis bigint NOT NULL CHECK (first_token_millis >= 0),
  idle_millis bigint NOT NULL CHECK (idle_millis >= 0),
  total_millis bigint NOT NULL CHECK (total_millis >= 0),
  retry_attempts integer NOT NULL CHECK (retry_attempts >= 0),
  retry_on text[] NOT NULL,
  PRIMARY KEY (tenant, name),
  UNIQUE (tenant, model) DEFERRABLE INITIALLY DEFERRED
);

RESET ROLE;
