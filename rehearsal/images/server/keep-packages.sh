#!/bin/sh
# Keeps what apt has fetched, for the next server. Runs after apt, and must not fail it.
# Each file appears in the cache whole, since another server may be reading it.
cache=/var/cache/rehearsal
keep() {
  [ -e "$2" ] && [ "$3" = once ] && return
  cp -p "$1" "$2.$(hostname)" 2> /dev/null && mv "$2.$(hostname)" "$2"
}
case "$1" in
  archives)
    find /var/cache/apt/archives -maxdepth 1 -type f -name '*.deb' | while read -r file; do
      keep "$file" "$cache/${file##*/}" once
    done
    ;;
  lists)
    mkdir -p "$cache/lists"
    find /var/lib/apt/lists -maxdepth 1 -type f ! -name lock | while read -r file; do
      keep "$file" "$cache/lists/${file##*/}" always
    done
    ;;
esac
exit 0
