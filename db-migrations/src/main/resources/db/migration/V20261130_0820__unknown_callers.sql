-- Callers whom nobody knows share an event: one per node, minute and reason, with how many there were.
-- Else whoever can reach a node could fill the log, of which nothing is ever deleted.
SET ROLE penstock_audit_owner;

ALTER TABLE audit.event ADD COLUMN occurrences bigint NOT NULL DEFAULT 1 CHECK (occurrences > 0);

-- Counts that are no event yet: added to in the transaction of the batch that reports the exchanges, and
-- taken away in the one that appends the event.
CREATE TABLE audit.unknown_caller (
  node text NOT NULL,
  -- Of receipt, so that no clock of a node makes more of them.
  minute timestamptz NOT NULL,
  reason text NOT NULL,
  occurrences bigint NOT NULL CHECK (occurrences > 0),
  -- Of the newest exchange: when it was, by the node's clock, under which revision, and its request.
  at timestamptz NOT NULL,
  revision bigint NOT NULL,
  request_id uuid NOT NULL,
  PRIMARY KEY (node, minute, reason)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON audit.unknown_caller TO penstock_app;

RESET ROLE;
