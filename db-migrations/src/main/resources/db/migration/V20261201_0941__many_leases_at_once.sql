-- What a round of ingest charges is of many leases: they are locked and booked in a few statements for all.
SET ROLE penstock_ledger_owner;

-- Locks windows one after the other, in the order of the list.
CREATE FUNCTION ledger.lock_windows(p_windows uuid[]) RETURNS SETOF ledger.budget_window
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT w.* FROM unnest(p_windows) WITH ORDINALITY AS p (id, place)
    JOIN ledger.budget_window w ON w.window_id = p.id
    ORDER BY p.place FOR UPDATE OF w
  $$;

-- Locks leases one after the other, in the order of the list; their windows have been locked before.
CREATE FUNCTION ledger.lock_leases(p_leases uuid[]) RETURNS SETOF ledger.lease
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT l.* FROM unnest(p_leases) WITH ORDINALITY AS p (id, place)
    JOIN ledger.lease l ON l.lease_id = p.id
    ORDER BY p.place FOR UPDATE OF l
  $$;

-- Between which accounts each kind of transfer moves money.
CREATE FUNCTION ledger.transfer_kinds() RETURNS TABLE (kind text, debit text, credit text, of_lease boolean)
  LANGUAGE sql IMMUTABLE
  AS $$
    VALUES
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
      ('AGE_OVER', 'SPENT', 'OVERAGE', false)
  $$;

-- The only way to move money: any number of transfers, each by its place in the lists. The entries are
-- written, and what they add up to moves the balances of their windows and leases; so balances hold once
-- all are booked, and not after each. The transaction ids are idempotency keys: transfers that were posted
-- before are passed over. Returns how many were not.
CREATE FUNCTION ledger.post_all(
    p_txns uuid[], p_kinds text[], p_windows uuid[], p_leases uuid[], p_amounts bigint[], p_sources text[])
  RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      v_bad record;
      v_of_window record;
      v_posted integer := 0;
    BEGIN
      SELECT p.kind, p.amount INTO v_bad
      FROM unnest(p_txns, p_kinds, p_leases, p_amounts) AS p (txn, kind, lease_id, amount)
      LEFT JOIN ledger.transfer_kinds() m USING (kind)
      WHERE p.txn IS NULL OR p.amount IS NULL OR p.amount <= 0 OR (m.of_lease = (p.lease_id IS NOT NULL)) IS NOT TRUE
      LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'transfer % of % (expected: a known kind, an amount above 0, a lease where the kind has one)',
          v_bad.kind, v_bad.amount USING ERRCODE = 'check_violation';
      END IF;
      PERFORM 1 FROM ledger.lock_windows(p_windows);
      SELECT p.window_id, p.lease_id INTO v_bad
      FROM unnest(p_windows, p_leases) AS p (window_id, lease_id)
      LEFT JOIN ledger.budget_window w ON w.window_id = p.window_id
      LEFT JOIN ledger.lease l ON l.lease_id = p.lease_id AND l.window_id = p.window_id
      WHERE w.window_id IS NULL OR (p.lease_id IS NOT NULL AND l.lease_id IS NULL)
      LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'window % or its lease % is unknown', v_bad.window_id, v_bad.lease_id
          USING ERRCODE = 'foreign_key_violation';
      END IF;

      FOR v_of_window IN
        WITH posted AS (
          INSERT INTO ledger.ledger_entry (txn_id, line, window_id, lease_id, account, amount, kind, source)
          SELECT p.txn, n.line, p.window_id, p.lease_id, n.account, n.amount, p.kind, p.source
          FROM unnest(p_txns, p_kinds, p_windows, p_leases, p_amounts, p_sources)
            AS p (txn, kind, window_id, lease_id, amount, source)
          JOIN ledger.transfer_kinds() m USING (kind)
          CROSS JOIN LATERAL (VALUES (1::smallint, m.debit, -p.amount), (2::smallint, m.credit, p.amount))
            AS n (line, account, amount)
          ON CONFLICT DO NOTHING
          RETURNING window_id, lease_id, line, account, amount, kind
        ), of_leases AS (
          UPDATE ledger.lease l SET
            granted = l.granted + s.granted,
            returned = l.returned + s.returned,
            settled = l.settled + s.settled,
            overdrawn = l.overdrawn + s.overdrawn,
            presumed = l.presumed + s.presumed,
            quarantined = l.quarantined + s.quarantined,
            exposed = greatest(0, l.exposed - s.settled_of_lease - s.overdrawn) + s.released
          FROM (
            SELECT lease_id,
              coalesce(sum(amount) FILTER (WHERE line = 2 AND kind = 'GRANT'), 0)::bigint AS granted,
              coalesce(sum(amount) FILTER (WHERE line = 2 AND account = 'AVAILABLE'), 0)::bigint AS returned,
              coalesce(sum(amount) FILTER (WHERE line = 2 AND kind IN ('SETTLE', 'LATE_SETTLE')), 0)::bigint AS settled,
              coalesce(sum(amount) FILTER (WHERE line = 2 AND kind = 'SETTLE'), 0)::bigint AS settled_of_lease,
              coalesce(sum(amount) FILTER (WHERE line = 2 AND kind = 'OVER'), 0)::bigint AS overdrawn,
              coalesce(sum(CASE kind WHEN 'PRESUME' THEN amount WHEN 'CORRECT' THEN -amount END)
                FILTER (WHERE line = 2), 0)::bigint AS presumed,
              coalesce(sum(amount) FILTER (WHERE account = 'QUARANTINE'), 0)::bigint AS quarantined,
              coalesce(sum(amount) FILTER (WHERE line = 2 AND kind = 'RELEASE'), 0)::bigint AS released
            FROM posted WHERE lease_id IS NOT NULL GROUP BY lease_id) s
          WHERE l.lease_id = s.lease_id
        ), sums AS (
          SELECT window_id,
            (count(*) / 2)::integer AS transfers,
            count(*) FILTER (WHERE line = 2 AND kind IN ('FUND', 'CUT')) AS limit_moves,
            coalesce(sum(amount) FILTER (WHERE account = 'LIMIT'), 0)::bigint AS of_limit,
            coalesce(sum(amount) FILTER (WHERE account = 'OVERAGE'), 0)::bigint AS overage,
            coalesce(sum(amount) FILTER (WHERE account = 'AVAILABLE'), 0)::bigint AS available,
            coalesce(sum(amount) FILTER (WHERE account = 'LEASED'), 0)::bigint AS leased,
            coalesce(sum(amount) FILTER (WHERE account = 'QUARANTINE'), 0)::bigint AS quarantined,
            coalesce(sum(amount) FILTER (WHERE account = 'SPENT'), 0)::bigint AS spent,
            coalesce(sum(amount) FILTER (WHERE line = 2 AND kind = 'RELEASE'), 0)::bigint AS released,
            coalesce(sum(amount) FILTER (WHERE line = 2 AND account = 'SPENT' AND kind <> 'PRESUME'), 0)::bigint AS of_step
          FROM posted GROUP BY window_id
        )
        UPDATE ledger.budget_window w SET
          limit_nusd = w.limit_nusd - s.of_limit,
          limit_moves = w.limit_moves + s.limit_moves,
          overage = w.overage - s.overage,
          available = w.available + s.available,
          leased = w.leased + s.leased,
          quarantined = w.quarantined + s.quarantined,
          spent = w.spent + s.spent,
          exposure = w.exposure + s.released
        FROM sums s WHERE w.window_id = s.window_id
        RETURNING w.window_id, s.transfers, s.of_step
      LOOP
        v_posted := v_posted + v_of_window.transfers;
        IF v_of_window.of_step > 0 THEN
          PERFORM ledger.count_in_step(v_of_window.window_id, v_of_window.of_step);
        END IF;
      END LOOP;

      IF v_posted < cardinality(p_txns) THEN
        SELECT p.txn INTO v_bad
        FROM unnest(p_txns, p_kinds, p_windows, p_leases, p_amounts) AS p (txn, kind, window_id, lease_id, amount)
        WHERE NOT EXISTS (
          SELECT 1 FROM ledger.ledger_entry e
          WHERE e.txn_id = p.txn AND e.line = 2 AND e.kind = p.kind AND e.window_id = p.window_id
            AND e.lease_id IS NOT DISTINCT FROM p.lease_id AND e.amount = p.amount)
        LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION 'transaction % was posted with other contents', v_bad.txn
            USING ERRCODE = 'unique_violation';
        END IF;
      END IF;
      RETURN v_posted;
    END
  $$;

-- As before, of one transfer; false means that this very transfer was posted before.
CREATE OR REPLACE FUNCTION ledger.post(
    p_txn uuid, p_kind text, p_window uuid, p_lease uuid, p_amount bigint, p_source text)
  RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT ledger.post_all(
      ARRAY[p_txn], ARRAY[p_kind], ARRAY[p_window], ARRAY[p_lease], ARRAY[p_amount], ARRAY[p_source]) = 1
  $$;

REVOKE EXECUTE ON FUNCTION ledger.lock_windows, ledger.lock_leases, ledger.transfer_kinds, ledger.post_all
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.lock_windows, ledger.lock_leases, ledger.post_all TO penstock_app;

RESET ROLE;
