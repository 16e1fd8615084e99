#!/usr/bin/env bash
# The profiles that need no cluster here. One machine: the study of workflow/test/study.yaml by Snakemake and by `nacre study`,
# under the ids and under pseudonyms: the same bytes (same-bytes.sh), and no id in the folder of receipts and logs. Kubernetes:
# is taken by Snakemake and its plugins as far as a dry run goes.
#
#   workflow/test/local.sh        some 5 minutes on 2 cores
#
# NACRE_SNAKEMAKE: venv of Snakemake, made where it is missing (/opt/nacre-venvs/snakemake)
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
venv=${NACRE_SNAKEMAKE:-/opt/nacre-venvs/snakemake}
work=$(mktemp -d /tmp/nacre-local-XXXXXX)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

[ -x "$venv/bin/snakemake" ] || python3 -m venv "$venv"
"$venv/bin/pip" install -q snakemake==9.27.1 snakemake-executor-plugin-kubernetes==0.5.1 snakemake-storage-plugin-fs==1.1.3
PATH=$venv/bin:$PATH

snap=$work/nacre
"$here/workflow/test/committed.sh" "$snap"
nacre=(node "$snap/dist/cli/main.js")
study=$snap/workflow/test/study.yaml

(head -c 32 /dev/urandom | sha256sum | cut -c1-64) >"$work/key.txt"
cd "$work"
for ids in plain pseudonyms; do
  key=()
  [ $ids = plain ] || key=("$work/key.txt")
  NACRE_CACHE=$work/$ids-cache "${nacre[@]}" study "$study" --out "$work/$ids-run" --no-report \
    ${key:+--pseudonym-key "${key[0]}"} >/dev/null 2>&1
  "${nacre[@]}" report "$work/$ids-run" --no-pictures >/dev/null 2>&1
  snakemake -s "$snap/workflow/Snakefile" --profile "$snap/workflow/profiles/local" \
    --config study="$study" run="$work/$ids-flow" cache="$work/$ids-flow-cache" pictures=false \
    ${key:+pseudonym_key="${key[0]}"} >"$work/snakemake.txt" 2>&1 || { tail -n 30 "$work/snakemake.txt"; fail snakemake; }
  echo "$ids: $(ls "$work/$ids-flow.workflow/extract" | wc -l) jobs"
  "$snap/workflow/test/same-bytes.sh" "$work/$ids-run" "$work/$ids-flow" "$work/$ids-cache" "$work/$ids-flow-cache"
done
! grep -rl SYN_ "$work/pseudonyms-flow.workflow" || fail 'an id among receipts and logs'
grep -rlq SYN_ "$work/plain-flow.workflow" || fail 'no id where ids were asked for: the search finds nothing'
echo 'pseudonyms: no id among receipts and logs'

mkdir study
cp "$study" study/study.yaml
snakemake -s "$snap/workflow/Snakefile" --profile "$snap/workflow/profiles/kubernetes" --dry-run \
  --container-image registry.invalid/nacre:0 --kubernetes-persistent-volumes nacre-study:"$work/study" \
  --config study="$work/study/study.yaml" run="$work/study/run" cache="$work/study/cache" work="$work/study/work" nacre=nacre \
  >"$work/kubernetes.txt" 2>&1 || { tail -n 30 "$work/kubernetes.txt"; fail kubernetes; }
grep -q 'rule evaluate' "$work/kubernetes.txt" || fail 'kubernetes: no plan'
echo 'kubernetes: profile and plan taken (dry run)'
