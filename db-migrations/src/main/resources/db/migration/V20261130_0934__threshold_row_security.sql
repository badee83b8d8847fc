-- What thresholds stand at, which windows have refused, and alerts on their way: written by the control
-- plane's own work and by no caller's, read by no tenant.
SET ROLE penstock_ledger_owner;

ALTER TABLE ledger.threshold_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.window_refusal ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.alert_delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON ledger.threshold_state FOR SELECT TO penstock_app USING (true);
CREATE POLICY sees ON ledger.window_refusal FOR SELECT TO penstock_app USING (true);
CREATE POLICY sees ON ledger.alert_delivery FOR SELECT TO penstock_app USING (true);
CREATE POLICY inserts ON ledger.threshold_state FOR INSERT TO penstock_app
  WITH CHECK ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY inserts ON ledger.window_refusal FOR INSERT TO penstock_app
  WITH CHECK ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY inserts ON ledger.alert_delivery FOR INSERT TO penstock_app
  WITH CHECK ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY updates ON ledger.threshold_state FOR UPDATE TO penstock_app
  USING ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY updates ON ledger.window_refusal FOR UPDATE TO penstock_app
  USING ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY updates ON ledger.alert_delivery FOR UPDATE TO penstock_app
  USING ((SELECT policy.reaches_all('penstock.writes')));

RESET ROLE;
