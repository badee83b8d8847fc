-- What budgets do when so much of them is spent. A budget's thresholds:
-- [{"atPercent": 80, "action": "ALERT" | "ROUTE" | "CAP", "route": ""}, …]; every budget ends with the cap.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.budget
  ADD COLUMN thresholds jsonb NOT NULL DEFAULT '[{"atPercent": 100, "action": "CAP", "route": ""}]'
    CHECK (jsonb_typeof(thresholds) = 'array');

RESET ROLE;

SET ROLE penstock_ledger_owner;

-- The record: each time an action begins and each time it ends. Steps of one threshold in one window
-- count 1 (applied), 2 (lifted), 3 …, so that nothing begins or ends twice.
CREATE TABLE ledger.budget_action (
  index bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  window_id uuid NOT NULL REFERENCES ledger.budget_window,
  tenant text NOT NULL,
  budget_id uuid NOT NULL,
  budget text NOT NULL,
  at_percent smallint NOT NULL CHECK (at_percent BETWEEN 1 AND 100),
  action text NOT NULL CHECK (action IN ('ALERT', 'ROUTE', 'CAP')),
  route text NOT NULL,
  step integer NOT NULL CHECK (step > 0),
  applied boolean NOT NULL,
  reason text NOT NULL,
  spent bigint NOT NULL CHECK (spent >= 0),
  amount bigint NOT NULL CHECK (amount >= 0),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (window_id, at_percent, action, step),
  CHECK (applied = (step % 2 = 1))
);
CREATE INDEX budget_action_budget ON ledger.budget_action (budget_id, index);
CREATE TRIGGER budget_action_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.budget_action
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Where each threshold stands that has ever acted in a window.
CREATE TABLE ledger.threshold_state (
  window_id uuid NOT NULL REFERENCES ledger.budget_window,
  at_percent smallint NOT NULL,
  action text NOT NULL,
  route text NOT NULL,
  step integer NOT NULL,
  amount bigint NOT NULL,
  in_force boolean NOT NULL,
  PRIMARY KEY (window_id, at_percent, action)
);
CREATE INDEX threshold_state_in_force ON ledger.threshold_state (window_id) WHERE in_force;

-- Windows that could not pay for an exchange that waited, and how often their limit had been moved by then.
CREATE TABLE ledger.window_refusal (
  window_id uuid PRIMARY KEY REFERENCES ledger.budget_window,
  limit_moves bigint NOT NULL
);

GRANT SELECT, INSERT ON ledger.budget_action TO penstock_app;
GRANT SELECT, INSERT, UPDATE ON ledger.threshold_state, ledger.window_refusal TO penstock_app;

ALTER TABLE ledger.budget_action ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON ledger.budget_action TO penstock_tenant;
CREATE POLICY sees ON ledger.budget_action FOR SELECT TO penstock_app USING (true);
CREATE POLICY inserts ON ledger.budget_action FOR INSERT TO penstock_app
  WITH CHECK ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY reads ON ledger.budget_action FOR SELECT TO penstock_tenant
  USING (tenant IN (SELECT policy.reach_and_above('penstock.reads')));

RESET ROLE;
