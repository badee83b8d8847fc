-- Sums of usage are written after the records, many records at a time. A row here is a stretch of a spool
-- whose records are stored and not in the sums yet: it is written in the transaction of its records and
-- deleted in the one of their sums, so each record is in the sums once, whatever breaks off in between.
-- Control planes of earlier builds add up while they store, and write no rows here.
SET ROLE penstock_usage_owner;

CREATE TABLE usage.unsummed (
  spool_id uuid NOT NULL,
  first_seq bigint NOT NULL CHECK (first_seq >= 1),
  last_seq bigint NOT NULL,
  -- The partition of its records, and when they were received: a record whose own time cannot be counts then.
  received_on date NOT NULL,
  received_at timestamptz NOT NULL,
  -- The end, because a stretch may be added up from its beginning in parts.
  PRIMARY KEY (spool_id, last_seq),
  CHECK (first_seq <= last_seq)
);

ALTER TABLE usage.unsummed ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage.unsummed TO penstock_app;
CREATE POLICY sees ON usage.unsummed FOR SELECT TO penstock_app USING (true);
CREATE POLICY inserts ON usage.unsummed FOR INSERT TO penstock_app
  WITH CHECK ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY updates ON usage.unsummed FOR UPDATE TO penstock_app
  USING ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY deletes ON usage.unsummed FOR DELETE TO penstock_app
  USING ((SELECT policy.reaches_all('penstock.writes')));

RESET ROLE;
