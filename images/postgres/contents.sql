-- What a database holds, one line each: a table with its count of rows and two sums over their hashes, 60 bits each, or a
-- sequence with where it stands. Sums do not depend on the order of the rows, and no two faults cancel as in XOR. The same
-- content gives the same lines on any two servers.
SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC';
SET search_path = pg_catalog; SET extra_float_digits = 1; SET bytea_output = 'hex'; SET statement_timeout = 0;

SELECT format(
  $query$SELECT %1$L, 'rows', count(*), coalesce(sum(('x' || left(digest, 15))::bit(60)::bigint::numeric), 0),
    coalesce(sum(('x' || right(digest, 15))::bit(60)::bigint::numeric), 0)
    FROM (SELECT md5(landfall_row::text) AS digest FROM ONLY %1$s landfall_row) digests$query$,
  c.oid::regclass)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^(pg_|information_schema$|landfall_move$)'
ORDER BY n.nspname, c.relname \gexec

SELECT format('SELECT %1$L, ''stands at'', last_value, is_called FROM %1$s', c.oid::regclass)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND n.nspname !~ '^(pg_|information_schema$|landfall_move$)'
ORDER BY n.nspname, c.relname \gexec

SELECT 'large objects', count(*) FROM pg_largeobject_metadata;
