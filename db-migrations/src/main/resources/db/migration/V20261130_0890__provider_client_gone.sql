-- What becomes of a provider's call whose client has left: it is ended, or read to its end for its usage.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.provider ADD COLUMN on_client_gone text NOT NULL DEFAULT 'cancel';
ALTER TABLE policy.provider ADD CONSTRAINT provider_on_client_gone
  CHECK (on_client_gone IN ('cancel', 'drain'));

RESET ROLE;
