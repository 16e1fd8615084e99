#!/usr/bin/env bash
# Two run folders: every file the same bytes, but for provenance.json (time, machine, counts) and report.html, which shows it.
# And two caches, where they are given: the same rows under the same names, with the same bytes.
#
#   workflow/test/same-bytes.sh RUN OTHER [CACHE OTHER_CACHE]      exit code 1 and the names where they differ
set -euo pipefail
sums() { (cd "$1" && find . -type f ! -name .lock -print0 | sort -z | xargs -0 sha256sum); }
differing() { { diff <(sums "$1") <(sums "$2") || true; } | awk '/^[<>]/ { print $3 }' | sort -u; }

for folder in "$1/features" "$2/features" ${3:+"$3/units" "$4/units"}; do
  [ -d "$folder" ] || { echo "not there: $folder"; exit 1; }
done
others=$(differing "$1" "$2")
unmeant=$(grep -v -e '^$' -e '^\./provenance\.json$' -e '^\./report\.html$' <<<"$others" || true)
[ -z "$unmeant" ] || { echo "differing: $unmeant"; exit 1; }
for file in results.json predictions.parquet partitions.json config.yaml features/*.parquet; do
  for one in "$1"/$file; do
    echo "same bytes: ${one#"$1"/} $(sha256sum <"$one" | cut -c1-16)"
  done
done
echo "run folders: $(sums "$1" | wc -l) files, the same names and bytes but for: $(xargs <<<"$others")"
[ $# -gt 2 ] || exit 0
rows=$(differing "$3/units" "$4/units")
[ -z "$rows" ] || { echo "rows of the cache differ: $rows"; exit 1; }
echo "caches: $(sums "$3/units" | wc -l) rows, the same names and bytes"
