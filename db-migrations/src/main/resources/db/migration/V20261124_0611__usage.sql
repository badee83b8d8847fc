-- What nodes report: who they are, how far each spool is committed, every request, and what it adds
-- up to. Amounts are nano-USD, durations microseconds.
SET ROLE penstock_usage_owner;

CREATE TABLE usage.node (
  name text PRIMARY KEY,
  region text NOT NULL,
  incarnation bigint NOT NULL,
  spool_id uuid NOT NULL,
  build text NOT NULL,
  -- The session that speaks for the node; null where none does. Another replica may hold it.
  session_id uuid,
  connected_at timestamptz NOT NULL,
  last_heartbeat_at timestamptz NOT NULL,
  applied_revision bigint NOT NULL DEFAULT 0,
  acked_revision bigint NOT NULL DEFAULT 0,
  inflight integer NOT NULL DEFAULT 0,
  spool_bytes bigint NOT NULL DEFAULT 0,
  -- What the node said against the snapshot of `nacked_digest`: [{resource, code, reason}].
  nacks jsonb NOT NULL DEFAULT '[]',
  nacked_digest bytea
);

-- One contiguous watermark per spool dedupes exactly and for ever. A spool belongs to the node that
-- named it first.
CREATE TABLE usage.usage_stream (
  spool_id uuid PRIMARY KEY,
  node text NOT NULL,
  acked_seq bigint NOT NULL DEFAULT 0 CHECK (acked_seq >= 0),
  first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_batch_at timestamptz
);

-- By the day on which the control plane received a record: that day is the control plane's own, so
-- no node's clock can ask for a partition. `at` is the arrival of the request by the node's clock.
CREATE TABLE usage.request_record (
  received_on date NOT NULL,
  spool_id uuid NOT NULL,
  seq bigint NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  node text NOT NULL,
  node_region text NOT NULL,
  tenant text NOT NULL,
  tenant_path text[] NOT NULL,
  api_key_id text NOT NULL,
  api_key text NOT NULL,
  subject text NOT NULL,
  tags jsonb NOT NULL,
  dialect text NOT NULL,
  transport text NOT NULL,
  stream boolean NOT NULL,
  model_asked text NOT NULL,
  model text NOT NULL,
  deployment text NOT NULL,
  provider text NOT NULL,
  provider_region text NOT NULL,
  credential_name text NOT NULL,
  credential_version integer NOT NULL,
  policy_revision bigint NOT NULL,
  decisions jsonb NOT NULL,
  attempts jsonb NOT NULL,
  ttft_upstream_micros bigint NOT NULL,
  ttft_delivered_micros bigint NOT NULL,
  duration_micros bigint NOT NULL,
  input_tokens bigint NOT NULL,
  cache_read_tokens bigint NOT NULL,
  cache_write_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  reasoning_tokens bigint NOT NULL,
  usage_source text NOT NULL,
  cost_nusd bigint NOT NULL CHECK (cost_nusd >= 0),
  outcome text NOT NULL,
  error_code text NOT NULL,
  status integer NOT NULL,
  presumed boolean NOT NULL,
  charges jsonb NOT NULL,
  PRIMARY KEY (received_on, spool_id, seq)
) PARTITION BY RANGE (received_on);
CREATE INDEX request_record_id ON usage.request_record (id);
CREATE INDEX request_record_at ON usage.request_record (at DESC, id DESC);
CREATE INDEX request_record_tenant ON usage.request_record (tenant, at DESC, id DESC);

-- Makes the partition of a day. Two that try at once make one.
CREATE FUNCTION usage.open_day(p_day date) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DECLARE
      v_name text := 'request_record_' || to_char(p_day, 'YYYYMMDD');
    BEGIN
      IF p_day NOT BETWEEN current_date - 2 AND current_date + 8 THEN
        RAISE EXCEPTION 'day % (expected: about today)', p_day USING ERRCODE = 'check_violation';
      END IF;
      IF to_regclass('usage.' || v_name) IS NOT NULL THEN
        RETURN;
      END IF;
      PERFORM pg_advisory_xact_lock(hashtext('usage.open_day'));
      EXECUTE format(
        'CREATE TABLE IF NOT EXISTS usage.%I PARTITION OF usage.request_record FOR VALUES FROM (%L) TO (%L)',
        v_name, p_day, p_day + 1);
    END
  $$;

-- A part of a spool that its node could not read back.
CREATE TABLE usage.usage_gap (
  spool_id uuid NOT NULL,
  seq bigint NOT NULL,
  node text NOT NULL,
  reason text NOT NULL,
  bytes bigint NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (spool_id, seq)
);

-- A record that cannot be counted, as it came: it is kept, and never stops the ones behind it.
CREATE TABLE usage.usage_quarantine (
  spool_id uuid NOT NULL,
  seq bigint NOT NULL,
  node text NOT NULL,
  reason text NOT NULL,
  body bytea NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (spool_id, seq)
);

-- Adds two histograms, number by number; the shorter one counts as filled up with zeros.
CREATE FUNCTION usage.add_counts(a bigint[], b bigint[]) RETURNS bigint[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT coalesce(array_agg(coalesce(u.x, 0) + coalesce(u.y, 0) ORDER BY u.n), '{}')
    FROM unnest(a, b) WITH ORDINALITY AS u (x, y, n)
  $$;
CREATE AGGREGATE usage.sum_counts (bigint[]) (
  SFUNC = usage.add_counts, STYPE = bigint[], INITCOND = '{}', COMBINEFUNC = usage.add_counts, PARALLEL = SAFE);

-- Sums per 5 minutes of arrival. `ttft_counts` is a histogram of the time to the first token that
-- was delivered; its scale is that of the application's TtftHistogram, so rows merge by adding.
CREATE TABLE usage.spend_rollup (
  bucket timestamptz NOT NULL,
  tenant text NOT NULL,
  api_key text NOT NULL,
  model text NOT NULL,
  provider text NOT NULL,
  region text NOT NULL,
  requests bigint NOT NULL,
  input_tokens bigint NOT NULL,
  cache_read_tokens bigint NOT NULL,
  cache_write_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  reasoning_tokens bigint NOT NULL,
  cost_nusd bigint NOT NULL,
  ttft_count bigint NOT NULL,
  ttft_sum_micros bigint NOT NULL,
  ttft_counts bigint[] NOT NULL,
  PRIMARY KEY (bucket, tenant, api_key, model, provider, region)
);

GRANT SELECT, INSERT, UPDATE ON usage.node, usage.usage_stream, usage.spend_rollup TO penstock_app;
GRANT SELECT, INSERT ON usage.request_record, usage.usage_gap, usage.usage_quarantine TO penstock_app;
GRANT EXECUTE ON FUNCTION usage.open_day, usage.add_counts, usage.sum_counts TO penstock_app;

RESET ROLE;
