-- By what nodes name a service account whose tenant may not be in their region: the SHA-256 of its
-- client's id. Stored, so that the records of such nodes do not cost a look at every service account.
-- The cast to bytea takes names as they are: none has a backslash.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.member ADD COLUMN client_hash text GENERATED ALWAYS AS (
  CASE WHEN service_account
    THEN encode(sha256(('penstock.' || tenant || '.' || name)::bytea), 'hex') END
) STORED;
CREATE INDEX member_client_hash ON policy.member (client_hash) WHERE client_hash IS NOT NULL;

RESET ROLE;
