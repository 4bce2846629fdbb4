-- Takes away all that a restore may have put into a database, and leaves the schema public with its rights. A statement may
-- have been overtaken by the CASCADE of one before it.
SET client_min_messages = warning;
SET search_path = pg_catalog;

SELECT format('DROP EXTENSION IF EXISTS %I CASCADE', extname) FROM pg_extension WHERE extname <> 'plpgsql' \gexec

SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) FROM pg_namespace
WHERE nspname !~ '^(pg_|information_schema$|landfall_move$|public$)' \gexec

SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
  WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, oid::regclass)
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') \gexec

SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace \gexec

SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype)
FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('d', 'e', 'r') \gexec

SELECT format('DROP TEXT SEARCH CONFIGURATION IF EXISTS public.%I CASCADE', cfgname)
FROM pg_ts_config WHERE cfgnamespace = 'public'::regnamespace \gexec

SELECT format('DROP TEXT SEARCH DICTIONARY IF EXISTS public.%I CASCADE', dictname)
FROM pg_ts_dict WHERE dictnamespace = 'public'::regnamespace \gexec

SELECT count(lo_unlink(oid)) FROM pg_largeobject_metadata \g /dev/null
