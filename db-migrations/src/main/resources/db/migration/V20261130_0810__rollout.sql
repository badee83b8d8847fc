-- Revisions that reach the nodes in waves. While the wave is neither 'all' nor superseded, nodes that
-- have no row in rollout_node stay at base_revision.
SET ROLE penstock_policy_owner;

CREATE TABLE policy.rollout (
  revision bigint PRIMARY KEY REFERENCES policy.revision,
  base_revision bigint NOT NULL CHECK (base_revision < revision),
  author text NOT NULL,
  started_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'stopped', 'done', 'superseded')),
  wave text NOT NULL CHECK (wave IN ('canary', 'quarter', 'all')),
  wave_at timestamptz NOT NULL,
  -- For how long somebody has watched the wave; time without a control plane does not count.
  watched_millis bigint NOT NULL DEFAULT 0,
  looked_at timestamptz NOT NULL,
  reason text NOT NULL DEFAULT '', -- why it stopped
  ended_at timestamptz,
  superseded_by bigint,
  -- What became of requests before it; null until they are counted.
  before_requests bigint,
  before_denied bigint,
  before_failed bigint,
  -- The same in this wave, of what was decided by it, at the last look.
  now_requests bigint NOT NULL DEFAULT 0,
  now_denied bigint NOT NULL DEFAULT 0,
  now_failed bigint NOT NULL DEFAULT 0,
  CHECK ((superseded_by IS NOT NULL) = (state = 'superseded')),
  CHECK ((ended_at IS NOT NULL) = (state IN ('done', 'superseded'))),
  CHECK (state <> 'done' OR wave = 'all')
);
-- One at a time.
CREATE UNIQUE INDEX rollout_unfinished ON policy.rollout ((true)) WHERE state IN ('running', 'stopped');

-- The nodes that may have it, with the wave that brought it to them.
CREATE TABLE policy.rollout_node (
  revision bigint NOT NULL REFERENCES policy.rollout ON DELETE CASCADE,
  node text NOT NULL,
  region text NOT NULL,
  wave text NOT NULL CHECK (wave IN ('canary', 'quarter', 'all')),
  PRIMARY KEY (revision, node)
);

RESET ROLE;

SET ROLE penstock_audit_owner;
ALTER TABLE audit.event DROP CONSTRAINT event_action_check;
ALTER TABLE audit.event ADD CONSTRAINT event_action_check CHECK (action IN
  ('create', 'update', 'delete', 'rotate', 'revoke', 'rollback', 'write', 'exchange.deny',
   'rollout.start', 'rollout.stop', 'rollout.resume', 'rollout.finish'));
RESET ROLE;
