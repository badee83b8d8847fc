-- How each rate limit is divided among the nodes: a row is read and written whole, under its lock.
SET ROLE penstock_usage_owner;

CREATE TABLE usage.rate_share (
  -- Of policy.rate_limit; both empty: the reserve of all limits.
  tenant text NOT NULL,
  name text NOT NULL,
  -- {pool: {requests, tokens, at}, holders: {node: {number, heard, atMost, want}}}; null: nobody has
  -- asked for any of it.
  state jsonb,
  PRIMARY KEY (tenant, name)
);

GRANT SELECT, INSERT, UPDATE ON usage.rate_share TO penstock_app;

RESET ROLE;
