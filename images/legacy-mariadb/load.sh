#!/bin/sh
# Loads the sample once: a load that was interrupted is begun anew, for a dump removes its tables first.
set -eu
query() { mariadb --no-defaults --socket=/run/mysqld/mysqld.sock --user=mysql --default-character-set=utf8mb4 "$@"; }
if [ ! -e /var/lib/mysql/loaded ]; then
  gunzip --stdout /usr/share/legacy/dump.sql.gz | query "$MARIADB_DATABASE"
  touch /var/lib/mysql/loaded
fi
