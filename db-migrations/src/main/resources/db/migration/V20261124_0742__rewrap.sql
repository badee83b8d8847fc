-- A master key is replaced by wrapping the data keys anew; the sealed values stay as they are.
SET ROLE penstock_secret_owner;

-- Every data key; a pepper's has neither tenant nor name.
CREATE FUNCTION secret.wrapped_keys()
  RETURNS TABLE (tenant text, name text, version integer, wrapped_key bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT s.tenant, s.name, s.version, s.wrapped_key FROM secret.secret s
    UNION ALL
    SELECT '', '', p.version, p.wrapped_key FROM secret.pepper p
  $$;

CREATE FUNCTION secret.rewrap(p_tenant text, p_name text, p_version integer, p_wrapped_key bytea)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    UPDATE secret.secret SET wrapped_key = p_wrapped_key
    WHERE tenant = p_tenant AND name = p_name AND version = p_version;
    UPDATE secret.pepper SET wrapped_key = p_wrapped_key
    WHERE p_tenant = '' AND version = p_version;
  $$;

-- A repeated version is no error and changes nothing.
CREATE OR REPLACE FUNCTION secret.add_version(
    p_tenant text, p_name text, p_version integer, p_regions text[], p_wrapped_key bytea, p_sealed bytea)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    INSERT INTO secret.secret (tenant, name, version, regions, wrapped_key, sealed)
    VALUES (p_tenant, p_name, p_version, p_regions, p_wrapped_key, p_sealed)
    ON CONFLICT (tenant, name, version) DO NOTHING
  $$;

GRANT EXECUTE ON FUNCTION secret.wrapped_keys, secret.rewrap TO penstock_app;

RESET ROLE;
