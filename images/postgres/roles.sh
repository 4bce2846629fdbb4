#!/bin/sh
# Makes the roles and the database on the server that libpq's own variables (PGHOST and so on) name.
#
#   POSTGRES_DATABASE              database, owned by POSTGRES_OWNER
#   POSTGRES_OWNER                 role that changes the schema; password in POSTGRES_OWNER_PASSWORD_FILE
#   POSTGRES_APP                   role that reads and writes rows; password in POSTGRES_APP_PASSWORD_FILE
set -eu
: "${POSTGRES_DATABASE:?names the database}" "${POSTGRES_OWNER:?names the owner role}"
: "${POSTGRES_OWNER_PASSWORD_FILE:?is the path of the password file}"

sql() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 "$@"; }

# psql hashes the password itself, so that its text reaches neither the server nor its log.
set_password() {
  password=$(cat "$2")
  if ! words=$(printf '%s\n%s\n' "$password" "$password" | sql --command="\\password $1" 2>&1); then
    echo "The password of $1 could not be set: $words" >&2
    exit 1
  fi
}

sql --set=database="$POSTGRES_DATABASE" --set=owner="$POSTGRES_OWNER" --set=app="${POSTGRES_APP:-}" \
  --file=/etc/landfall/roles.sql
set_password "$POSTGRES_OWNER" "$POSTGRES_OWNER_PASSWORD_FILE"
if [ -n "${POSTGRES_APP:-}" ]; then
  set_password "$POSTGRES_APP" "${POSTGRES_APP_PASSWORD_FILE:?is the path of the password file}"
fi
