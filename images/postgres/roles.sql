-- Makes the roles and the database, or leaves them as they are. Needs the variables database, owner and app; no role for
-- the service is made when app is empty.
SELECT NOT rolsuper AS limited FROM pg_roles WHERE rolname = current_user \gset
SELECT :'app' <> '' AS wanted \gset

SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') AS missing \gset
\if :missing
CREATE ROLE :"owner" LOGIN;
\endif
\if :limited
-- Who is no superuser must belong to a role to give it a database.
GRANT :"owner" TO CURRENT_USER WITH SET TRUE, INHERIT TRUE;
\endif

SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') AS missing \gset
\if :missing
CREATE DATABASE :"database" OWNER :"owner" TEMPLATE template0
  ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8';
\endif

\if :wanted
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'app') AS missing \gset
\if :missing
CREATE ROLE :"app" LOGIN;
\endif
-- The owner may end the service's sessions, which a move of the database does.
GRANT :"app" TO :"owner" WITH INHERIT TRUE, SET FALSE;
\endif

\connect :"database"
\if :limited
SET ROLE :"owner";
\endif
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
ALTER SCHEMA public OWNER TO :"owner";
\if :wanted
GRANT CONNECT ON DATABASE :"database" TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT USAGE ON SCHEMAS TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT USAGE, SELECT ON SEQUENCES TO :"app";
GRANT USAGE ON SCHEMA public TO :"app";
\endif
