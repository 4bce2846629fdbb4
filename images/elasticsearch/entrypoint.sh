#!/bin/sh
# Starts Elasticsearch with the delivered configuration. It reads certificates from its own folder alone and writes a
# keystore there, so the folder is in memory and filled at each start; its Java needs a temporary folder that programs
# may be run from, which /tmp is not.
set -eu
umask 077

config=/usr/share/elasticsearch/config
cp -r /usr/share/landfall/config/. "$config/"
for file in elasticsearch.yml roles.yml users users_roles server.crt server.key; do
  cat "/run/secrets/$file" > "$config/$file"
done
mkdir -p "$config/jvm.options.d"
cat /run/secrets/landfall.options > "$config/jvm.options.d/landfall.options"

rm -rf /var/lib/elasticsearch/temporary
mkdir -p /var/lib/elasticsearch/temporary /var/lib/elasticsearch/data
export ES_TMPDIR=/var/lib/elasticsearch/temporary

exec /usr/share/elasticsearch/bin/elasticsearch
