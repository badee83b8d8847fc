-- One schema per concern, each owned by a role that nobody logs in as. The application crosses them
-- as penstock_app, which owns nothing. Roles belong to the whole server, so they may exist already.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['policy', 'secret', 'ledger', 'usage', 'audit'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'penstock_' || role_name || '_owner') THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', 'penstock_' || role_name || '_owner');
    END IF;
    EXECUTE format('GRANT %I TO CURRENT_USER', 'penstock_' || role_name || '_owner');
    EXECUTE format('CREATE SCHEMA %I AUTHORIZATION %I', role_name, 'penstock_' || role_name || '_owner');
    -- A function runs for everybody unless told otherwise; here nothing does.
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC',
                   'penstock_' || role_name || '_owner');
  END LOOP;
  -- The password comes after the migrations, from the environment.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'penstock_app') THEN
    CREATE ROLE penstock_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
  END IF;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO penstock_app', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

GRANT USAGE ON SCHEMA policy, secret, ledger, usage, audit TO penstock_app;

-- What later migrations add to `policy` is covered, too. Everywhere else a migration says what it
-- grants: on `secret` functions only, on `ledger` and `audit` never UPDATE or DELETE.
ALTER DEFAULT PRIVILEGES FOR ROLE penstock_policy_owner IN SCHEMA policy
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO penstock_app;
