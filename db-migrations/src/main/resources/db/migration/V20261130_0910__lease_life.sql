-- The whole life of a lease: money is given back, set apart when its node is silent, taken for used when
-- the node never comes back, corrected when it does; and, where a budget says so, a bounded part of it is
-- lent anew. What a window or a lease holds still equals the sum of its entries.
SET ROLE penstock_ledger_owner;

ALTER TABLE ledger.budget_window
  -- Lent anew although a silent node may still spend it; not money itself.
  ADD exposure bigint NOT NULL DEFAULT 0 CHECK (exposure >= 0);

ALTER TABLE ledger.lease
  -- The node's own part of what was returned, as it said last.
  ADD given_back bigint NOT NULL DEFAULT 0 CHECK (given_back >= 0),
  -- Used although neither the lease nor the window had it.
  ADD overdrawn bigint NOT NULL DEFAULT 0 CHECK (overdrawn >= 0),
  -- Taken for used without a record.
  ADD presumed bigint NOT NULL DEFAULT 0 CHECK (presumed >= 0),
  -- The part of the rest that waits in quarantine.
  ADD quarantined bigint NOT NULL DEFAULT 0 CHECK (quarantined >= 0),
  ADD exposed bigint NOT NULL DEFAULT 0 CHECK (exposed >= 0),
  -- What the node is to have given back; 0: nothing is wanted.
  ADD recall_total bigint NOT NULL DEFAULT 0 CHECK (recall_total >= 0),
  ADD heard_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ADD quarantined_at timestamptz,
  DROP CONSTRAINT lease_state_check,
  ADD CONSTRAINT lease_state_check CHECK (state IN ('ACTIVE', 'QUARANTINED', 'CLOSED')),
  DROP CONSTRAINT lease_conservation,
  ADD CONSTRAINT lease_conservation CHECK (returned + settled + presumed + quarantined <= granted),
  ADD CONSTRAINT lease_given_back CHECK (given_back <= returned);

-- What is to be told to nodes that ask nothing.
CREATE INDEX lease_outstanding ON ledger.lease (node)
  WHERE state = 'QUARANTINED' OR (state = 'ACTIVE' AND recall_total > given_back);

-- The time lines of the database that this ledger has been on. A new one is a failover: the last commits
-- may be missing.
CREATE TABLE ledger.timeline (
  timeline text PRIMARY KEY,
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Whether the database has failed over less than so many seconds ago. Whoever asks first on a new time
-- line begins the count, so no grant slips through between the failover and a job that notices it.
CREATE FUNCTION ledger.is_learning(p_seconds integer) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      v_timeline text := left(pg_walfile_name(pg_current_wal_lsn()), 8);
      v_seen_at timestamptz;
    BEGIN
      SELECT seen_at INTO v_seen_at FROM ledger.timeline WHERE timeline = v_timeline;
      IF NOT FOUND THEN
        INSERT INTO ledger.timeline (timeline) VALUES (v_timeline) ON CONFLICT DO NOTHING;
        v_seen_at := clock_timestamp();
      END IF;
      RETURN v_seen_at > clock_timestamp() - make_interval(secs => p_seconds)
        AND EXISTS (SELECT 1 FROM ledger.timeline WHERE timeline <> v_timeline);
    END
  $$;

-- Notes what a node said of its lease, and what is wanted of it.
CREATE FUNCTION ledger.note_lease(p_lease uuid, p_given_back bigint, p_recall bigint, p_heard boolean)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    UPDATE ledger.lease SET given_back = greatest(given_back, p_given_back), recall_total = p_recall,
      heard_at = CASE WHEN p_heard THEN clock_timestamp() ELSE heard_at END
    WHERE lease_id = p_lease
  $$;

-- Sets a lease apart; its money has been moved before.
CREATE FUNCTION ledger.quarantine_lease(p_lease uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    BEGIN
      UPDATE ledger.lease SET state = 'QUARANTINED', quarantined_at = clock_timestamp(), recall_total = 0
      WHERE lease_id = p_lease AND state = 'ACTIVE'
        AND granted = returned + settled + presumed + quarantined;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'lease % is not active or has money that is not in quarantine', p_lease
          USING ERRCODE = 'check_violation';
      END IF;
    END
  $$;

-- Ends a lease of which nothing is left; what it exposed cannot be spent any more.
CREATE OR REPLACE FUNCTION ledger.close_lease(p_lease uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    BEGIN
      UPDATE ledger.budget_window w SET exposure = w.exposure - l.exposed
      FROM ledger.lease l WHERE l.lease_id = p_lease AND w.window_id = l.window_id AND l.exposed > 0;
      UPDATE ledger.lease SET state = 'CLOSED', exposed = 0, recall_total = 0
      WHERE lease_id = p_lease AND granted = returned + settled;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'lease % is unknown or has money left', p_lease USING ERRCODE = 'check_violation';
      END IF;
    END
  $$;

-- As before: the only way to move money, with all kinds.
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

GRANT EXECUTE ON FUNCTION ledger.is_learning, ledger.note_lease, ledger.quarantine_lease TO penstock_app;

RESET ROLE;
