#!/bin/sh
# Fails where a library in a folder, or in an archive (AAR, APK), is not aligned for pages of 16 KB: each LOAD segment at 0x4000 or more.
# Only 64-bit devices have such pages, so libraries for 32 bits may be as they are.
# Usage: check-16kb.sh FOLDER|ARCHIVE
set -eu
place=$1
if [ -f "$place" ]; then
  unpacked=$(mktemp -d)
  trap 'rm -rf "$unpacked"' EXIT
  unzip -q "$place" '*.so' -d "$unpacked"
  place=$unpacked
fi
seen=0 bad=0
for library in $(find "$place" -name '*.so' | sort); do
  case $(readelf -hW "$library" | awk '/Class:/ { print $2 }') in
    ELF64) ;;
    *) continue ;;
  esac
  seen=$((seen + 1))
  for alignment in $(readelf -lW "$library" | awk '$1 == "LOAD" { print $NF }'); do
    if [ "$((alignment))" -lt 16384 ]; then
      echo "$library: a segment is aligned at $alignment" >&2
      bad=$((bad + 1))
    fi
  done
done
[ "$seen" -gt 0 ] || { echo "no 64-bit library in $1" >&2; exit 1; }
[ "$bad" -eq 0 ] || exit 1
echo "$seen libraries are aligned for pages of 16 KB"
