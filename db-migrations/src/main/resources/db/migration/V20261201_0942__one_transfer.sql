-- A transfer that is alone is booked by a function of its own again: as a list of one it takes the database
-- almost twice as long, and most of what nodes ask for is one transfer. Both come to the same, with one
-- difference: of a list, what is released of a lease counts after what is charged to it.
SET ROLE penstock_ledger_owner;

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
      FROM ledger.transfer_kinds() m
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

RESET ROLE;
