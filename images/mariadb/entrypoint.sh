#!/bin/sh
# Starts MariaDB with its database and that database's owner as the environment and the secret file say.
# Arguments go to the server, for example: --max-connections=100
#
#   MARIADB_DATABASE               made when it is not there, in utf8mb4
#   MARIADB_OWNER                  all rights on that database, and the one to make a consistent copy of it
#   MARIADB_OWNER_PASSWORD_FILE    set at each start
set -eu

data=/var/lib/mysql/data
socket=/run/mysqld/mysqld.sock
rm -f /run/mysqld/open
# Data that were interrupted while they were made are made anew; finished ones are never touched.
if [ ! -e "$data/mysql" ]; then
  rm -rf /var/lib/mysql/unfinished
  mariadb-install-db --no-defaults --datadir=/var/lib/mysql/unfinished --auth-root-authentication-method=socket \
    --auth-root-socket-user=mysql --skip-test-db >/dev/null
  mv /var/lib/mysql/unfinished "$data"
fi

query() { mariadb --no-defaults --socket="$socket" --user=mysql --default-character-set=utf8mb4 --batch --skip-column-names "$@"; }
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/[\\\\']/\\\\&/g")"; }
name() { printf '`%s`' "$(printf %s "$1" | sed 's/`/``/g')"; }

# Owner and password are set at each start, on the socket alone, so that a new password needs no other step.
mariadbd --no-defaults --datadir="$data" --socket="$socket" --skip-networking --skip-log-bin "$@" &
server=$!
until query --execute="DO 0" 2>/dev/null; do
  kill -0 "$server" 2>/dev/null || { echo "MariaDB does not start" >&2; exit 1; }
  sleep 0.2
done
owner="$(quoted "$MARIADB_OWNER")@'%'"
database=$(name "$MARIADB_DATABASE")
query <<EOF
CREATE DATABASE IF NOT EXISTS $database CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS $owner;
ALTER USER $owner IDENTIFIED BY $(quoted "$(cat "$MARIADB_OWNER_PASSWORD_FILE")");
GRANT RELOAD ON *.* TO $owner;
GRANT ALL ON $database.* TO $owner;
EOF
if [ -x /usr/local/bin/load.sh ]; then /usr/local/bin/load.sh; fi
kill "$server"
wait "$server" || true

touch /run/mysqld/open
exec mariadbd --no-defaults --datadir="$data" --socket="$socket" --bind-address=0.0.0.0 --skip-name-resolve \
  --skip-log-bin "$@"
