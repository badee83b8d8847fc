-- The first answer to a write that its caller may send again, kept in the transaction of the write.
-- It holds no API key in any form. Status, headers and body are null only inside that transaction.
SET ROLE penstock_policy_owner;

CREATE TABLE policy.idempotency_key (
  caller text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
  status integer,
  headers jsonb,
  body text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_key_age ON policy.idempotency_key (created_at);

RESET ROLE;
