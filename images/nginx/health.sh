#!/bin/sh
# Nginx runs, and so does what brings it a renewed certificate.
set -eu
test -s /run/proxy/nginx.pid
kill -0 "$(cat /run/proxy/watch.pid)"
