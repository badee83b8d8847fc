-- What becomes of a request's field that a provider's dialect cannot carry: refused, or dropped and named.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.route ADD COLUMN unsupported_fields text NOT NULL DEFAULT 'refuse';
ALTER TABLE policy.route ADD CONSTRAINT route_unsupported_fields
  CHECK (unsupported_fields IN ('refuse', 'drop'));

RESET ROLE;
