-- A step may be added to after it has left its window: a longer one's step of now can begin where a short
-- one began that is gone, and the database's clock can be set back. So a step says how much of it has
-- left, and whatever is more than that is due once its end, which is the latest that it was given, is.
SET ROLE penstock_ledger_owner;

ALTER TABLE ledger.window_step ADD gone bigint NOT NULL DEFAULT 0;
UPDATE ledger.window_step SET gone = spent WHERE aged;
ALTER TABLE ledger.window_step
  DROP COLUMN aged,
  ADD CONSTRAINT window_step_gone CHECK (gone BETWEEN 0 AND spent);
CREATE INDEX window_step_due ON ledger.window_step (ends_at) WHERE gone < spent;

-- Notes how much of a step has left its window; its money has been moved before.
DROP FUNCTION ledger.age_step(uuid, timestamptz);
CREATE FUNCTION ledger.age_step(p_window uuid, p_starts_at timestamptz, p_gone bigint) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    UPDATE ledger.window_step SET gone = greatest(gone, p_gone)
    WHERE window_id = p_window AND starts_at = p_starts_at
  $$;

-- Counts what is spent in the step of now; nothing where the window does not roll. For ledger.post() alone.
CREATE FUNCTION ledger.count_in_step(p_window uuid, p_amount bigint) RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, pg_temp
  AS $$
    INSERT INTO ledger.window_step AS s (window_id, starts_at, ends_at, spent)
    SELECT p_window, to_timestamp(n.first * n.length), to_timestamp((n.first + 1) * n.length), p_amount
    FROM (
      SELECT w.step_seconds AS length, floor(extract(epoch FROM clock_timestamp()) / w.step_seconds) AS first
      FROM ledger.budget_window w WHERE w.window_id = p_window AND w.step_seconds IS NOT NULL) n
    ON CONFLICT (window_id, starts_at) DO UPDATE
      SET spent = s.spent + excluded.spent, ends_at = greatest(s.ends_at, excluded.ends_at)
  $$;

-- As before; what is spent is counted in its step by the function above.
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
        PERFORM ledger.count_in_step(p_window, p_amount);
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

GRANT EXECUTE ON FUNCTION ledger.age_step TO penstock_app;

RESET ROLE;
