#!/bin/sh
# Unpacks the files of the systems that are named into /srv/legacy/samples, each whole or not at all. What an earlier
# run has put there is replaced.
set -eu
umask 022
for system in "$@"; do
  from="/usr/share/legacy/$system"
  to="/srv/legacy/samples/$system"
  [ -d "$from" ] || { echo "there is no sample with files of '$system'" >&2; exit 2; }
  rm -rf "$to.unfinished"
  mkdir -p "$to.unfinished"
  for file in "$from"/*; do
    case "$file" in
      *.tar.gz) tar --extract --gzip --no-same-owner --file "$file" --directory "$to.unfinished" ;;
      *.gz) gunzip --stdout "$file" >"$to.unfinished/$(basename "$file" .gz)" ;;
    esac
  done
  rm -rf "$to"
  mv "$to.unfinished" "$to"
done
echo "unpacked: $*"
