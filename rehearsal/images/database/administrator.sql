-- What a customer's administrator is with the vendor: it makes databases and roles, and is no superuser.
SELECT 'CREATE ROLE akmadmin' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'akmadmin') \gexec
ALTER ROLE akmadmin LOGIN CREATEDB CREATEROLE REPLICATION BYPASSRLS PASSWORD :'password';
GRANT pg_monitor, pg_read_all_stats, pg_signal_backend, pg_maintain TO akmadmin WITH ADMIN OPTION;
SELECT 'CREATE DATABASE defaultdb OWNER akmadmin' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'defaultdb') \gexec
