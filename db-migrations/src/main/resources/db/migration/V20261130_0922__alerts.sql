-- Who is told of a budget's alerts, and the alerts that are on their way.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.budget
  ADD COLUMN webhook_url text,
  ADD COLUMN webhook_secret_tenant text,
  ADD COLUMN webhook_secret_name text,
  ADD CONSTRAINT budget_webhook CHECK (num_nulls(webhook_url, webhook_secret_tenant, webhook_secret_name) IN (0, 3));

RESET ROLE;

SET ROLE penstock_ledger_owner;

CREATE TABLE ledger.alert_delivery (
  index bigint PRIMARY KEY REFERENCES ledger.budget_action,
  url text NOT NULL,
  secret_tenant text NOT NULL,
  secret_name text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  -- null: it has arrived, or is given up
  due_at timestamptz DEFAULT clock_timestamp(),
  delivered_at timestamptz,
  -- why the last attempt failed
  reason text NOT NULL DEFAULT ''
);
CREATE INDEX alert_delivery_due ON ledger.alert_delivery (due_at) WHERE due_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON ledger.alert_delivery TO penstock_app;

RESET ROLE;
