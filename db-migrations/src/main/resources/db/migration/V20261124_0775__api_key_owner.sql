-- A write reads the keys of the tenants that it touches, revoked ones included, and a tenant that
-- goes is held against the keys that refer to it.
SET ROLE penstock_policy_owner;

CREATE INDEX api_key_owner ON policy.api_key (tenant, created_at, key_id);

RESET ROLE;
