-- Money: one window per budget and period, leases on windows, and the append-only double-entry
-- journal behind both. Amounts are nano-USD. The application reads, and moves money only through
-- ledger.post(): what a window or a lease holds always equals the sum of its entries.
SET ROLE penstock_ledger_owner;

CREATE TABLE ledger.budget_window (
  window_id uuid PRIMARY KEY,
  tenant text NOT NULL,
  budget_id uuid NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  mode text NOT NULL CHECK (mode IN ('strict', 'available')),
  limit_nusd bigint NOT NULL DEFAULT 0 CHECK (limit_nusd >= 0),
  -- What a lowered limit still has to take back once leases return money; not money itself.
  pending_cut bigint NOT NULL DEFAULT 0 CHECK (pending_cut >= 0),
  -- How often the limit has been moved; makes the ids of those transactions.
  limit_moves bigint NOT NULL DEFAULT 0,
  available bigint NOT NULL DEFAULT 0 CHECK (available >= 0),
  leased bigint NOT NULL DEFAULT 0 CHECK (leased >= 0),
  quarantined bigint NOT NULL DEFAULT 0 CHECK (quarantined >= 0),
  spent bigint NOT NULL DEFAULT 0 CHECK (spent >= 0),
  overage bigint NOT NULL DEFAULT 0 CHECK (overage >= 0),
  UNIQUE (budget_id, starts_at),
  CHECK (starts_at < ends_at),
  CONSTRAINT conservation CHECK (available + leased + quarantined + spent = limit_nusd + overage)
);

CREATE TABLE ledger.lease (
  lease_id uuid PRIMARY KEY,
  window_id uuid NOT NULL REFERENCES ledger.budget_window,
  node text NOT NULL,
  spool_id uuid NOT NULL,
  granted bigint NOT NULL DEFAULT 0 CHECK (granted >= 0),
  returned bigint NOT NULL DEFAULT 0 CHECK (returned >= 0),
  settled bigint NOT NULL DEFAULT 0 CHECK (settled >= 0),
  state text NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'CLOSED')),
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT lease_conservation CHECK (returned + settled <= granted)
);
CREATE INDEX lease_window ON ledger.lease (window_id) WHERE state = 'ACTIVE';

CREATE TABLE ledger.ledger_entry (
  txn_id uuid NOT NULL,
  line smallint NOT NULL,
  window_id uuid NOT NULL REFERENCES ledger.budget_window,
  lease_id uuid REFERENCES ledger.lease,
  account text NOT NULL
    CHECK (account IN ('LIMIT', 'AVAILABLE', 'LEASED', 'QUARANTINE', 'SPENT', 'OVERAGE')),
  amount bigint NOT NULL CHECK (amount <> 0),
  kind text NOT NULL,
  source text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (txn_id, line)
);
CREATE INDEX ledger_entry_window ON ledger.ledger_entry (window_id);
CREATE INDEX ledger_entry_lease ON ledger.ledger_entry (lease_id) WHERE lease_id IS NOT NULL;

-- Not even the owner, by mistake.
CREATE FUNCTION ledger.refuse_change() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
    BEGIN
      RAISE EXCEPTION 'ledger entries are appended and read, never changed'
        USING ERRCODE = 'insufficient_privilege';
    END
  $$;
CREATE TRIGGER ledger_entry_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Locks a window. Whoever locks several takes them in the order of their ids, and leases after
-- windows: that is the only order anywhere, so nobody waits in a circle.
CREATE FUNCTION ledger.lock_window(p_window uuid) RETURNS SETOF ledger.budget_window
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT * FROM ledger.budget_window WHERE window_id = p_window FOR UPDATE $$;

-- Locks a lease; its window has been locked before.
CREATE FUNCTION ledger.lock_lease(p_lease uuid) RETURNS SETOF ledger.lease
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT * FROM ledger.lease WHERE lease_id = p_lease FOR UPDATE $$;

-- Makes a window, empty, unless it is there. Its end moves where the budget's period was changed.
CREATE FUNCTION ledger.open_window(
    p_window uuid, p_tenant text, p_budget uuid, p_starts_at timestamptz, p_ends_at timestamptz, p_mode text)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    -- Without a target: two that make the same window at once collide on either of its keys.
    INSERT INTO ledger.budget_window (window_id, tenant, budget_id, starts_at, ends_at, mode)
    VALUES (p_window, p_tenant, p_budget, p_starts_at, p_ends_at, p_mode)
    ON CONFLICT DO NOTHING;
    UPDATE ledger.budget_window SET ends_at = p_ends_at, mode = p_mode
    WHERE window_id = p_window AND (ends_at, mode) IS DISTINCT FROM (p_ends_at, p_mode)
  $$;

-- Makes a lease without money unless it is there. Its first owner keeps it.
CREATE FUNCTION ledger.open_lease(p_lease uuid, p_window uuid, p_node text, p_spool uuid) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    INSERT INTO ledger.lease (lease_id, window_id, node, spool_id)
    VALUES (p_lease, p_window, p_node, p_spool)
    ON CONFLICT (lease_id) DO NOTHING
  $$;

-- Ends a lease of which nothing is left.
CREATE FUNCTION ledger.close_lease(p_lease uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    BEGIN
      UPDATE ledger.lease SET state = 'CLOSED' WHERE lease_id = p_lease AND granted = returned + settled;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'lease % is unknown or has money left', p_lease USING ERRCODE = 'check_violation';
      END IF;
    END
  $$;

-- Notes what a lowered limit still has to take back.
CREATE FUNCTION ledger.set_pending_cut(p_window uuid, p_amount bigint) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE ledger.budget_window SET pending_cut = p_amount WHERE window_id = p_window $$;

-- The only way to move money: one transfer between two accounts of a window, fixed by its kind.
-- The transaction id is the idempotency key: false means that this very transfer was posted before.
CREATE FUNCTION ledger.post(
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
          ('SETTLE', 'LEASED', 'SPENT', true),
          ('CLOSE', 'LEASED', 'AVAILABLE', true),
          ('OVER', 'OVERAGE', 'SPENT', true)) AS m (kind, debit, credit, of_lease)
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
        limit_nusd = limit_nusd + CASE p_kind WHEN 'FUND' THEN p_amount WHEN 'CUT' THEN -p_amount ELSE 0 END,
        limit_moves = limit_moves + CASE WHEN p_kind IN ('FUND', 'CUT') THEN 1 ELSE 0 END,
        overage = overage + CASE p_kind WHEN 'OVER' THEN p_amount ELSE 0 END,
        available = available + CASE 'AVAILABLE' WHEN v_to THEN p_amount WHEN v_from THEN -p_amount ELSE 0 END,
        leased = leased + CASE 'LEASED' WHEN v_to THEN p_amount WHEN v_from THEN -p_amount ELSE 0 END,
        spent = spent + CASE 'SPENT' WHEN v_to THEN p_amount WHEN v_from THEN -p_amount ELSE 0 END
      WHERE window_id = p_window;
      IF p_kind IN ('GRANT', 'SETTLE', 'CLOSE') THEN
        UPDATE ledger.lease SET
          granted = granted + CASE p_kind WHEN 'GRANT' THEN p_amount ELSE 0 END,
          settled = settled + CASE p_kind WHEN 'SETTLE' THEN p_amount ELSE 0 END,
          returned = returned + CASE p_kind WHEN 'CLOSE' THEN p_amount ELSE 0 END
        WHERE lease_id = p_lease;
      END IF;
      RETURN true;
    END
  $$;

GRANT SELECT ON ledger.budget_window, ledger.lease, ledger.ledger_entry TO penstock_app;
GRANT EXECUTE ON FUNCTION
  ledger.lock_window, ledger.lock_lease, ledger.open_window, ledger.open_lease, ledger.close_lease,
  ledger.set_pending_cut, ledger.post
  TO penstock_app;

RESET ROLE;
