#!/bin/bash
# Moves all that a database holds into an empty one, once, and proves that it is there.
#
#   SOURCE_HOST, _PORT, _NAME, _USER, _PASSWORD_FILE, _CA_FILE            the old database, as its owner
#   SOURCE_SERVICE_HOST …                                                 the same, as the role of the service
#   TARGET_HOST …                                                         the new database, as its owner
#   MOVE_JOBS                                                             indexes that are built at a time
#
# The old database takes no writes while this lasts, and none after it; when it fails, it takes them again. Data flows
# through this container and is written to no disk in between. Exit codes: 0 moved (now or before), 1 failed, 2 refused.
set -euo pipefail

# Runs a program of PostgreSQL on one of the databases.
at() {
  local host=$1_HOST port=$1_PORT name=$1_NAME user=$1_USER password=$1_PASSWORD_FILE authority=$1_CA_FILE
  shift
  PGHOST=${!host} PGPORT=${!port} PGDATABASE=${!name} PGUSER=${!user} PGPASSWORD=$(cat "${!password}") \
    PGSSLMODE=verify-full PGSSLROOTCERT=${!authority} PGCONNECT_TIMEOUT=10 PGAPPNAME=landfall-move \
    PGOPTIONS="${session:-}" "$@"
}
sql() {
  local database=$1
  shift
  at "$database" psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --set=VERBOSITY=terse "$@"
}
say() { echo "$(date -u +%H:%M:%S) $*"; }
refuse() {
  echo "refused: $*" >&2
  exit 2
}

# Lets the old database take writes again.
reopen() {
  session='-c default_transaction_read_only=off' sql SOURCE --set=name="$SOURCE_NAME" \
    <<< 'ALTER DATABASE :"name" RESET default_transaction_read_only;' || {
    echo "failed: the old database could not be opened for writes again; run this again, or as its owner:" \
      "ALTER DATABASE \"$SOURCE_NAME\" RESET default_transaction_read_only" >&2
    return
  }
  # Sessions that were opened meanwhile would stay closed for writes.
  end_sessions infinity > /dev/null || true
  echo "the old database takes writes again" >&2
}
# Ends the sessions of the owner and the service that began before a moment.
end_sessions() {
  sql SOURCE --set=owner="$SOURCE_USER" --set=service="$SOURCE_SERVICE_USER" --set=moment="$1" <<'SQL'
SELECT count(*) FILTER (WHERE NOT pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
WHERE datname = current_database() AND usename IN (:'owner', :'service') AND backend_start < :'moment'
  AND pid <> pg_backend_pid();
SQL
}
# Whether new sessions of both roles can only read.
closed() {
  [ "$(sql SOURCE --command='SHOW transaction_read_only')" = on ] &&
    [ "$(sql SOURCE_SERVICE --command='SHOW transaction_read_only')" = on ]
}
# Whether the new database says that it has everything.
is_moved() {
  [ "$(sql TARGET --command='SELECT state FROM landfall_move.state')" = moved ]
}
finished=
# What the new database has confirmed stays moved, though this run was told to stop before it knew.
undo() {
  if [ -z "$finished" ] && ! is_moved; then reopen; fi
}

# How many things the new database holds that are not the server's own.
things() {
  sql TARGET --command="SELECT count(*) FROM (
    SELECT relnamespace AS schema FROM pg_class UNION ALL SELECT pronamespace FROM pg_proc
    UNION ALL SELECT typnamespace FROM pg_type UNION ALL SELECT cfgnamespace FROM pg_ts_config
    UNION ALL SELECT oid FROM pg_namespace WHERE nspname <> 'public') things
    JOIN pg_namespace n ON n.oid = schema WHERE n.nspname !~ '^(pg_|information_schema$|landfall_move$)'"
}

identity=$(sql SOURCE --command="SELECT system_identifier || '/' || current_database() FROM pg_control_system()")
if [ "$(sql TARGET --command="SELECT to_regclass('landfall_move.state') IS NOT NULL")" = t ]; then
  IFS='|' read -r state from words <<< "$(sql TARGET --command='SELECT state, source, words FROM landfall_move.state')"
  if [ "$from" != "$identity" ]; then
    refuse "the new database was filled by a move from another one ($from; this is $identity)"
  fi
  if [ "$state" = moved ]; then
    closed || refuse "the old database takes writes again since it was moved; what was written is not in the new one"
    echo "$words"
    exit 0
  fi
  # A run that was killed could not do it.
  trap undo EXIT
  say "a move before this one did not come to its end; what it left is taken away"
  sql TARGET --single-transaction --file=/etc/landfall/empty.sql
  left=$(things)
  if [ "$left" != 0 ]; then refuse "$left things of that move could not be taken away; empty the new database by hand"; fi
else
  left=$(things)
  if [ "$left" != 0 ]; then refuse "the new database is not empty: it holds $left tables, types, functions or schemas"; fi
  sql TARGET --single-transaction --set=source="$identity" --set=service="$SOURCE_SERVICE_USER" <<'SQL'
CREATE SCHEMA landfall_move;
REVOKE ALL ON SCHEMA landfall_move FROM :"service";
CREATE TABLE landfall_move.state (state text NOT NULL, source text NOT NULL, words text NOT NULL DEFAULT '');
INSERT INTO landfall_move.state VALUES ('unfinished', :'source');
SQL
fi

trap undo EXIT

move() {
  local folder=/tmp/move
  rm -rf "$folder" && mkdir "$folder"
  local moment
  moment=$(session='-c default_transaction_read_only=off' sql SOURCE --set=name="$SOURCE_NAME" \
    <<< 'ALTER DATABASE :"name" SET default_transaction_read_only = on; SELECT clock_timestamp();')
  if [ "$(end_sessions "$moment")" != 0 ]; then refuse "a session that may write to the old database does not end"; fi
  closed || refuse "the old database still takes writes: a role has a default_transaction_read_only of its own"
  say "the old database takes no writes"

  local dump=(pg_dump --format=custom --no-owner --exclude-schema=landfall_move)
  local restore=(pg_restore --dbname="$TARGET_NAME" --no-owner --exit-on-error)
  at SOURCE "${dump[@]}" --section=pre-data --section=post-data --file="$folder/definitions"
  # The schema public is there in any database.
  pg_restore --list "$folder/definitions" | grep -v ' SCHEMA - public ' > "$folder/list"
  at TARGET "${restore[@]}" --use-list="$folder/list" --section=pre-data "$folder/definitions"
  say "the tables are made"
  at SOURCE "${dump[@]}" --section=data --compress=none | at TARGET "${restore[@]}" --section=data
  say "the rows are copied"
  at TARGET "${restore[@]}" --use-list="$folder/list" --section=post-data --jobs="${MOVE_JOBS:-1}" "$folder/definitions"
  session='-c client_min_messages=error' sql TARGET --command='ANALYZE'
  say "indexes and constraints are made; both databases are compared"

  local side compared=()
  for side in SOURCE TARGET; do
    at "$side" pg_dump --schema-only --no-owner --exclude-schema=landfall_move |
      grep -v -E '^(--|\\(un)?restrict |$)' > "$folder/$side.definitions"
    sql "$side" --file=/etc/landfall/contents.sql > "$folder/$side.contents" &
    compared+=($!)
  done
  for side in "${compared[@]}"; do wait "$side"; done
  local kind
  for kind in contents definitions; do
    if ! diff "$folder/SOURCE.$kind" "$folder/TARGET.$kind" > "$folder/difference"; then
      echo "failed: the two databases differ in their $kind (< the old one, > the new one):" >&2
      head -n 18 "$folder/difference" | sed 's/^/failed: /' >&2
      exit 1
    fi
  done
  closed || refuse "the old database took writes meanwhile"
  words="$(grep -c '|rows|' "$folder/SOURCE.contents") tables with $(
    awk -F'|' '$2 == "rows" { rows += $3 } END { printf "%d", rows }' "$folder/SOURCE.contents"
  ) rows were moved on $(date -u +%FT%TZ), and are the same in both databases: SHA-256 of what they hold $(
    sha256sum "$folder/SOURCE.contents" | cut -c1-16
  ), of how it is defined $(sha256sum "$folder/SOURCE.definitions" | cut -c1-16)"
  sql TARGET --set=words="$words" <<< "UPDATE landfall_move.state SET state = 'moved', words = :'words';"
  echo "$words"
}

# In a process group of its own, so that being told to stop ends all that works on it, at once.
set -m
move &
worker=$!
set +m
trap 'kill -TERM -- "-$worker"' TERM INT
status=0
wait "$worker" || status=$?
if [ "$status" = 0 ]; then finished=yes; fi
if [ "$status" -gt 128 ]; then wait "$worker" || true; fi
exit "$status"
