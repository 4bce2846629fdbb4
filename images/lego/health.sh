#!/bin/sh
# Healthy while the proxy has a certificate that is good for another week: a renewal that keeps failing shows long before
# a visitor sees it.
set -eu
openssl x509 -noout -checkend $((7 * 86400)) -in /var/lib/certificates/current/certificate.pem
