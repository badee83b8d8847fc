-- Upstream credentials and key peppers, sealed before they come here: the database never sees a
-- value nor the key that opens one. The application reaches the rows through functions only, each
-- with a pinned search path.
SET ROLE penstock_secret_owner;

CREATE TABLE secret.secret (
  tenant text NOT NULL,
  name text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  regions text[] NOT NULL,
  wrapped_key bytea NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, name, version)
);

CREATE TABLE secret.pepper (
  version integer PRIMARY KEY CHECK (version > 0),
  wrapped_key bytea NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The newest version of every secret.
CREATE FUNCTION secret.newest()
  RETURNS TABLE (tenant text, name text, version integer, regions text[], wrapped_key bytea, sealed bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT DISTINCT ON (s.tenant, s.name) s.tenant, s.name, s.version, s.regions, s.wrapped_key, s.sealed
    FROM secret.secret s
    ORDER BY s.tenant, s.name, s.version DESC
  $$;

-- Adds a version; the caller has sealed the value under this very version.
CREATE FUNCTION secret.add_version(
    p_tenant text, p_name text, p_version integer, p_regions text[], p_wrapped_key bytea, p_sealed bytea)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    INSERT INTO secret.secret (tenant, name, version, regions, wrapped_key, sealed)
    VALUES (p_tenant, p_name, p_version, p_regions, p_wrapped_key, p_sealed)
  $$;

CREATE FUNCTION secret.remove(p_tenant text, p_name text)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DELETE FROM secret.secret WHERE tenant = p_tenant AND name = p_name
  $$;

CREATE FUNCTION secret.peppers()
  RETURNS TABLE (version integer, wrapped_key bytea, sealed bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT p.version, p.wrapped_key, p.sealed FROM secret.pepper p ORDER BY p.version
  $$;

-- Adds a pepper unless another replica was first.
CREATE FUNCTION secret.add_pepper(p_version integer, p_wrapped_key bytea, p_sealed bytea)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    INSERT INTO secret.pepper (version, wrapped_key, sealed)
    VALUES (p_version, p_wrapped_key, p_sealed)
    ON CONFLICT (version) DO NOTHING
  $$;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA secret TO penstock_app;

RESET ROLE;
