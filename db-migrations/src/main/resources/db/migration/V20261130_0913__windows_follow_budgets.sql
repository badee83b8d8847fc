-- A window that is there gets its budget's new mode, and one that rolls its new length, without waiting for
-- the next lease.
SET ROLE penstock_ledger_owner;

-- Its limit is moved by postings. The window has been locked before. 0 seconds: the budget does not roll.
CREATE FUNCTION ledger.follow_budget(p_window uuid, p_mode text, p_rolling_seconds bigint) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    UPDATE ledger.budget_window SET mode = p_mode,
      rolling_seconds = CASE WHEN rolling_seconds IS NOT NULL THEN coalesce(nullif(p_rolling_seconds, 0), rolling_seconds) END
    WHERE window_id = p_window
  $$;
GRANT EXECUTE ON FUNCTION ledger.follow_budget TO penstock_app;

RESET ROLE;
