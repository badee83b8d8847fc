-- Rolling windows: one row for ever; what was spent is kept per step, a twenty-fourth of the window, and can
-- be spent again once its step has wholly left the window.
SET ROLE penstock_policy_owner;

ALTER TABLE policy.budget
  -- How long the window is that rolls; null: calendar periods.
  ADD rolling_seconds bigint CHECK (rolling_seconds BETWEEN 3600 AND 31622400);

RESET ROLE;

SET ROLE penstock_ledger_owner;

ALTER TABLE ledger.budget_window
  ADD rolling_seconds bigint CHECK (rolling_seconds > 0),
  ADD step_seconds bigint GENERATED ALWAYS AS (rolling_seconds / 24) STORED;

CREATE TABLE ledger.window_step (
  window_id uuid NOT NULL REFERENCES ledger.budget_window,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  spent bigint NOT NULL CHECK (spent > 0),
  aged boolean NOT NULL DEFAULT false,
  PRIMARY KEY (window_id, starts_at)
);
CREATE INDEX window_step_due ON ledger.window_step (ends_at) WHERE NOT aged;

-- Makes a rolling window, empty, unless it is there; its length and mode follow the budget.
CREATE FUNCTION ledger.open_rolling_window(
    p_window uuid, p_tenant text, p_budget uuid, p_mode text, p_seconds bigint)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    INSERT INTO ledger.budget_window (window_id, tenant, budget_id, starts_at, ends_at, mode, rolling_seconds)
    VALUES (p_window, p_tenant, p_budget, 'epoch', '9999-01-01 00:00:00+00', p_mode, p_seconds)
    ON CONFLICT DO NOTHING;
    UPDATE ledger.budget_window SET mode = p_mode, rolling_seconds = p_seconds
    WHERE window_id = p_window AND (mode, rolling_seconds) IS DISTINCT FROM (p_mode, p_seconds)
  $$;

-- Notes that a step has left its window; its money has been moved before.
CREATE FUNCTION ledger.age_step(p_window uuid, p_starts_at timestamptz) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE ledger.window_step SET aged = true WHERE window_id = p_window AND starts_at = p_starts_at $$;

-- As before; what is spent of a rolling window is also counted in the step of now.
CREATE OR REPLACE FUNCTION ledger.post(
    p_txn uuid, p_kind text, p_window uuid, p_lease uuid, p_amount bigint, p_source text)
  RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      v_from text;
      v_to text;
      v_of_lease boolean;
    BEGIN
      SELECT m.debit, m.credit, m.of_lease INTO v_from, v_to, v_of_lease
      FROM (VALUES
          ('FUND', 'LIMIT', 'AVAILABLE', false),
          ('CUT', 'AVAILABLE', 'LIMIT', false),
          ('GRANT', 'AVAILABLE', 'LEASED', true),
          ('RETURN', 'LEASED', 'AVAILABLE', true),
          ('SETTLE', 'LEASED', 'SPENT', true),
          ('EXPIRE', 'LEASED', 'QUARANTINE', true),
          ('LATE_SETTLE', 'QUARANTINE', 'SPENT', true),
          ('CLOSE', 'LEASED', 'AVAILABLE', true),
          ('CLOSE_LATE', 'QUARANTINE', 'AVAILABLE', true),
          ('RELEASE', 'QUARANTINE', 'AVAILABLE', true),
          ('PRESUME', 'QUARANTINE', 'SPENT', true),
          ('CORRECT', 'SPENT', 'AVAILABLE', true),
          ('OVER', 'OVERAGE', 'SPENT', true),
          ('AGE', 'SPENT', 'AVAILABLE', false),
          ('AGE_OVER', 'SPENT', 'OVERAGE', false)) AS m (kind, debit, credit, of_lease)
      WHERE m.kind = p_kind;
      IF NOT FOUND OR p_txn IS NULL OR p_amount IS NULL OR p_amount <= 0
          OR v_of_lease <> (p_lease IS NOT NULL) THEN
        RAISE EXCEPTION 'transfer % of % (expected: a known kind, an amount above 0, a lease where the kind has one)',
          p_kind, p_amount USING ERRCODE = 'check_violation';
      END IF;
      PERFORM 1 FROM ledger.budget_window WHERE window_id = p_window FOR UPDATE;
      IF NOT FOUND OR (v_of_lease AND NOT EXISTS (
          SELECT 1 FROM ledger.lease WHERE lease_id = p_lease AND window_id = p_window)) THEN
        RAISE EXCEPTION 'window % or its lease % is unknown', p_window, p_lease
          USING ERRCODE = 'foreign_key_violation';
      END IF;

      INSERT INTO ledger.ledger_entry (txn_id, line, window_id, lease_id, account, amount, kind, source)
      VALUES (p_txn, 1, p_window, p_lease, v_from, -p_amount, p_kind, p_source),
             (p_txn, 2, p_window, p_lease, v_to, p_amount, p_kind, p_source)
      ON CONFLICT DO NOTHING;
      IF NOT FOUND THEN
        IF NOT EXISTS (
            SELECT 1 FROM ledger.ledger_entry e
            WHERE e.txn_id = p_txn AND e.line = 2 AND e.kind = p_kind AND e.window_id = p_window
              AND e.lease_id IS NOT DISTINCT FROM p_lease AND e.amount = p_amount) THEN
          RAISE EXCEPTION 'transaction % was posted with other contents', p_txn
            USING ERRCODE = 'unique_violation';
        END IF;
        RETURN false;
      END IF;

      UPDATE ledger.budget_window SET
        limit_nusd = limit_nusd - CASE 'LIMIT' WHEN v_to THEN p_amount WHEN v_from THEN -p_amount ELSE 0 END,
        limit_moves = limit_moves + CASE WHEN p_kind IN ('FUND', 'CUT') THEN 1 ELSE 0 END,
        overage = overage - CASE 'OVERAGE' WHEN v_to THEN p_amount WHEN v_from THEN -p_amount ELSE 0 END,
        available = available + CASE 'AVAILABLE' WHEN v_to THEN p_amount WHEN v_from THEN -p_amount ELSE 0 END,
        leased = leased + CASE 'LEASED' WHEN v_to THEN p_amount WHEN v_from THEN -p_amount ELSE 0 END,
        quarantined = quarantined + CASE 'QUARANTINE' WHEN v_to THEN p_amount WHEN v_from THEN -p_amount ELSE 0 END,
        spent = spent + CASE 'SPENT' WHEN v_to THEN p_amount WHEN v_from THEN -p_amount ELSE 0 END,
        exposure = exposure + CASE p_kind WHEN 'RELEASE' THEN p_amount ELSE 0 END
      WHERE window_id = p_window;
      IF v_to = 'SPENT' AND p_kind <> 'PRESUME' THEN
        INSERT INTO ledger.window_step AS s (window_id, starts_at, ends_at, spent)
        SELECT p_window, to_timestamp(n.first * n.length), to_timestamp((n.first + 1) * n.length), p_amount
        FROM (
          SELECT w.step_seconds AS length, floor(extract(epoch FROM clock_timestamp()) / w.step_seconds) AS first
          FROM ledger.budget_window w WHERE w.window_id = p_window AND w.step_seconds IS NOT NULL) n
        ON CONFLICT (window_id, starts_at) DO UPDATE SET spent = s.spent + excluded.spent;
      END IF;
      IF v_of_lease THEN
        UPDATE ledger.lease SET
          granted = granted + CASE p_kind WHEN 'GRANT' THEN p_amount ELSE 0 END,
          returned = returned + CASE WHEN v_to = 'AVAILABLE' THEN p_amount ELSE 0 END,
          settled = settled + CASE WHEN p_kind IN ('SETTLE', 'LATE_SETTLE') THEN p_amount ELSE 0 END,
          overdrawn = overdrawn + CASE p_kind WHEN 'OVER' THEN p_amount ELSE 0 END,
          presumed = presumed
            + CASE p_kind WHEN 'PRESUME' THEN p_amount WHEN 'CORRECT' THEN -p_amount ELSE 0 END,
          quarantined = quarantined
            + CASE 'QUARANTINE' WHEN v_to THEN p_amount WHEN v_from THEN -p_amount ELSE 0 END,
          exposed = exposed + CASE
            WHEN p_kind = 'RELEASE' THEN p_amount
            WHEN p_kind IN ('SETTLE', 'OVER') THEN -least(exposed, p_amount) ELSE 0 END
        WHERE lease_id = p_lease;
      END IF;
      RETURN true;
    END
  $$;

GRANT SELECT ON ledger.window_step TO penstock_app;
GRANT EXECUTE ON FUNCTION ledger.open_rolling_window, ledger.age_step TO penstock_app;

RESET ROLE;
