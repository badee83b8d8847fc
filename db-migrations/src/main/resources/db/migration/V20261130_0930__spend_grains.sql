-- Sums of usage per 5 minutes, hour and day, by subject too, and apart from them by tag. Each row says in
-- `grain` how many minutes its bucket is long. All grains are written with the records themselves, so
-- each of them alone adds up to all of it.
SET ROLE penstock_usage_owner;

ALTER TABLE usage.spend_rollup
  ADD COLUMN grain smallint NOT NULL DEFAULT 5 CHECK (grain IN (5, 60, 1440)),
  ADD COLUMN subject text NOT NULL DEFAULT '',
  -- Part of cache_write_tokens, of input_tokens, and of output_tokens.
  ADD COLUMN cache_write_1h_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN audio_input_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN audio_output_tokens bigint NOT NULL DEFAULT 0,
  -- The histogram of the times to the first token, as one number: twelve decimal digits for each of its
  -- counts, the first one last. So histograms are added like any other number, at the speed of one, and
  -- what nobody counted takes no room. Twelve digits are enough for what is counted in a bucket.
  ADD COLUMN ttft numeric NOT NULL DEFAULT 0,
  DROP CONSTRAINT spend_rollup_pkey,
  ADD PRIMARY KEY (grain, bucket, tenant, api_key, subject, model, provider, region);

UPDATE usage.spend_rollup SET ttft = (
  SELECT coalesce(sum(u.x * ('1' || repeat('0', 12 * (u.n::integer - 1)))::numeric), 0)
  FROM unnest(ttft_counts) WITH ORDINALITY AS u (x, n));

ALTER TABLE usage.spend_rollup DROP COLUMN ttft_counts;
DROP AGGREGATE usage.sum_counts (bigint[]);
DROP FUNCTION usage.add_counts (bigint[], bigint[]);

INSERT INTO usage.spend_rollup (
  grain, bucket, tenant, api_key, model, provider, region, requests,
  input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
  cost_nusd, ttft_count, ttft_sum_micros, ttft)
SELECT g.grain, date_bin(make_interval(mins => g.grain), r.bucket, 'epoch'), tenant, api_key, model, provider, region,
  sum(requests), sum(input_tokens), sum(cache_read_tokens), sum(cache_write_tokens), sum(output_tokens),
  sum(reasoning_tokens), sum(cost_nusd), sum(ttft_count), sum(ttft_sum_micros), sum(ttft)
FROM usage.spend_rollup r CROSS JOIN (VALUES (60::smallint), (1440::smallint)) AS g (grain)
GROUP BY 1, 2, 3, 4, 5, 6, 7;

-- Room on each page for the rows that are added to.
ALTER TABLE usage.spend_rollup SET (fillfactor = 70);

-- The same by one tag at a time. A request counts once under each of its tags, so rows of different tags
-- must never be added up.
CREATE TABLE usage.spend_tag_rollup (
  grain smallint NOT NULL CHECK (grain IN (5, 60, 1440)),
  bucket timestamptz NOT NULL,
  tenant text NOT NULL,
  tag text NOT NULL,
  value text NOT NULL,
  model text NOT NULL,
  provider text NOT NULL,
  requests bigint NOT NULL,
  input_tokens bigint NOT NULL,
  cache_read_tokens bigint NOT NULL,
  cache_write_tokens bigint NOT NULL,
  cache_write_1h_tokens bigint NOT NULL,
  audio_input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  reasoning_tokens bigint NOT NULL,
  audio_output_tokens bigint NOT NULL,
  cost_nusd bigint NOT NULL,
  ttft_count bigint NOT NULL,
  ttft_sum_micros bigint NOT NULL,
  ttft numeric NOT NULL,
  -- The tag first: whoever asks names one.
  PRIMARY KEY (grain, tag, bucket, tenant, value, model, provider)
) WITH (fillfactor = 70);

-- The tags that have rows of their own on a day. Which one is let in first is first come, first served.
CREATE TABLE usage.spend_tag (
  day date NOT NULL,
  tenant text NOT NULL,
  tag text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (day, tenant, tag, value)
);

-- Lets tags in, as far as there is room, and says which of those asked for are in. Tags that are new
-- wait for each other per tenant, in the order of the tenants' names, so that no two let in more than
-- there is room for.
CREATE FUNCTION usage.claim_tags(
    p_days date[], p_tenants text[], p_tags text[], p_values text[], p_most integer, p_most_of_tag integer)
  RETURNS TABLE (day date, tenant text, tag text, value text)
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
    #variable_conflict use_column
    DECLARE
      v_tenant text;
    BEGIN
      FOR v_tenant IN
        SELECT DISTINCT w.tenant FROM unnest(p_days, p_tenants, p_tags, p_values) AS w (day, tenant, tag, value)
        WHERE NOT EXISTS (SELECT FROM usage.spend_tag t
          WHERE t.day = w.day AND t.tenant = w.tenant AND t.tag = w.tag AND t.value = w.value)
        ORDER BY 1
      LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('usage.spend_tag ' || v_tenant, 0));
      END LOOP;

      INSERT INTO usage.spend_tag (day, tenant, tag, value)
      WITH fresh AS (
        SELECT w.* FROM unnest(p_days, p_tenants, p_tags, p_values) AS w (day, tenant, tag, value)
        WHERE NOT EXISTS (SELECT FROM usage.spend_tag t
          WHERE t.day = w.day AND t.tenant = w.tenant AND t.tag = w.tag AND t.value = w.value)
      ), of_tag AS (
        SELECT f.*, row_number() OVER (PARTITION BY f.day, f.tenant, f.tag ORDER BY f.value)
          + (SELECT count(*) FROM usage.spend_tag t
             WHERE t.day = f.day AND t.tenant = f.tenant AND t.tag = f.tag) AS place
        FROM fresh f
      ), of_tenant AS (
        SELECT o.*, row_number() OVER (PARTITION BY o.day, o.tenant ORDER BY o.tag, o.value)
          + (SELECT count(*) FROM usage.spend_tag t WHERE t.day = o.day AND t.tenant = o.tenant) AS place_of_all
        FROM of_tag o WHERE o.place <= p_most_of_tag
      )
      SELECT n.day, n.tenant, n.tag, n.value FROM of_tenant n WHERE n.place_of_all <= p_most;

      RETURN QUERY
        SELECT w.day, w.tenant, w.tag, w.value
        FROM unnest(p_days, p_tenants, p_tags, p_values) AS w (day, tenant, tag, value)
        JOIN usage.spend_tag t USING (day, tenant, tag, value);
    END
  $$;

-- The time below which a part of what a histogram counted lies, as the application's TtftHistogram says;
-- 0 where nothing was counted. Here for sorting and filtering.
CREATE FUNCTION usage.ttft_quantile(p_ttft numeric, p_part double precision) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT coalesce((
      SELECT round(CASE c.i WHEN 0 THEN 100 ELSE 100 * power(1.1::double precision, c.i - 0.5) END)::bigint
      FROM (
        SELECT n.i, n.x, sum(n.x) OVER (ORDER BY n.i) AS seen, sum(n.x) OVER () AS total
        FROM (
          SELECT i, substr(d.digits, length(d.digits) - 12 * i - 11, 12)::bigint AS x
          FROM (SELECT lpad(p_ttft::text, (length(p_ttft::text) + 11) / 12 * 12, '0')) AS d (digits)
          CROSS JOIN generate_series(0, length(d.digits) / 12 - 1) AS i) AS n) AS c
      WHERE c.x > 0 AND c.seen >= greatest(1, ceil(p_part * c.total::double precision))
      ORDER BY c.i LIMIT 1), 0)
  $$;

ALTER TABLE usage.spend_tag_rollup ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage.spend_tag ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON usage.spend_tag_rollup TO penstock_app;
GRANT SELECT, INSERT ON usage.spend_tag TO penstock_app;
GRANT SELECT ON usage.spend_tag_rollup TO penstock_tenant;
GRANT EXECUTE ON FUNCTION usage.claim_tags TO penstock_app;
GRANT EXECUTE ON FUNCTION usage.ttft_quantile TO penstock_app, penstock_tenant;
CREATE POLICY reads ON usage.spend_tag_rollup FOR SELECT TO penstock_tenant
  USING (tenant IN (SELECT policy.reach('penstock.reads')));
CREATE POLICY sees ON usage.spend_tag_rollup FOR SELECT TO penstock_app USING (true);
CREATE POLICY sees ON usage.spend_tag FOR SELECT TO penstock_app USING (true);
CREATE POLICY inserts ON usage.spend_tag_rollup FOR INSERT TO penstock_app
  WITH CHECK ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY updates ON usage.spend_tag_rollup FOR UPDATE TO penstock_app
  USING ((SELECT policy.reaches_all('penstock.writes')));
CREATE POLICY inserts ON usage.spend_tag FOR INSERT TO penstock_app
  WITH CHECK ((SELECT policy.reaches_all('penstock.writes')));

RESET ROLE;
