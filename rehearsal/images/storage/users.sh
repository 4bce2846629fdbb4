#!/bin/sh
# Manages the keys: what $1 is, create-user or delete-user; further arguments are the command's own.
set -eu
ADMIN_ACCESS_KEY_ID=$(sed -n 1p /run/storage/root)
ADMIN_SECRET_ACCESS_KEY=$(sed -n 2p /run/storage/root)
export ADMIN_ACCESS_KEY_ID ADMIN_SECRET_ACCESS_KEY
exec versitygw admin --region "$STORAGE_REGION" --endpoint-url "https://127.0.0.1:443" --allow-insecure "$@"
