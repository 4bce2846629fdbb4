-- A statement that fails must not be logged: it would show the password.
SET log_min_error_statement = panic;
\set owner_password `cat "$POSTGRES_OWNER_PASSWORD_FILE"`

SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') AS missing \gset
\if :missing
CREATE ROLE :"owner" LOGIN;
\endif
ALTER ROLE :"owner" PASSWORD :'owner_password';

SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') AS missing \gset
\if :missing
CREATE DATABASE :"database" OWNER :"owner";
\endif
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;

\connect :"database"
ALTER SCHEMA public OWNER TO :"owner";

SELECT :'app' <> '' AS wanted \gset
\if :wanted
SET log_min_error_statement = panic;
\set app_password `cat "$POSTGRES_APP_PASSWORD_FILE"`
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'app') AS missing \gset
\if :missing
CREATE ROLE :"app" LOGIN;
\endif
ALTER ROLE :"app" PASSWORD :'app_password';
GRANT CONNECT ON DATABASE :"database" TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT USAGE ON SCHEMAS TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT USAGE, SELECT ON SEQUENCES TO :"app";
GRANT USAGE ON SCHEMA public TO :"app";
\endif
