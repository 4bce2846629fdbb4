#!/bin/sh
# The server runs, and so does what brings it a renewed certificate.
set -eu
kill -0 "$(cat /run/proxy/server.pid)"
kill -0 "$(cat /run/proxy/watch.pid)"
