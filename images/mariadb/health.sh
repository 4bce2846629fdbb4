#!/bin/sh
# A positive answer from the network's side only: while roles and data are made, the server listens on no port.
set -eu
[ -e /run/mysqld/open ] && mariadb-admin --no-defaults --socket=/run/mysqld/mysqld.sock --silent ping
