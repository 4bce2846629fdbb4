#!/bin/sh
# Serves S3 for a region under the name $STORAGE_HOST and the names of buckets below it.
set -eu
mkdir -p /data/buckets /data/versions /data/users
ROOT_ACCESS_KEY_ID=$(sed -n 1p /run/storage/root)
ROOT_SECRET_ACCESS_KEY=$(sed -n 2p /run/storage/root)
export ROOT_ACCESS_KEY_ID ROOT_SECRET_ACCESS_KEY
exec versitygw --port :443 --cert /run/storage/server.crt --key /run/storage/server.key --quiet --keep-alive \
  --region "$STORAGE_REGION" --virtual-domain "$STORAGE_HOST" --health /healthy \
  --iam-dir /data/users --iam-cache-disable --cors-allow-origin '*' \
  posix --versioning-dir /data/versions /data/buckets
