#!/usr/bin/env bash
# The workflow on a real Slurm: Debian's slurm-wlm on this host (as root, without systemd and cgroups), the study of
# workflow/test/study.yaml as an array of jobs. Two patients are extracted "on the laptop" beforehand; of the array one job is
# put back into the queue half-way (scontrol requeue), another one's process is killed half-way (kill -9). Then the same study
# by `nacre study` in one process, from nothing: every file that holds a number must have the same bytes.
#
#   workflow/test/slurm.sh [REPORT.md]        default bench/slurm.md; some 5 minutes on 2 cores
#
# NACRE_SNAKEMAKE: venv of Snakemake, made where it is missing (/opt/nacre-venvs/snakemake) · NACRE_SLURM_WORK: working folder.
# Only processes started here are ended, by their ids.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
report=$(realpath -m "${1:-$here/bench/slurm.md}")
venv=${NACRE_SNAKEMAKE:-/opt/nacre-venvs/snakemake}
work=${NACRE_SLURM_WORK:-$(mktemp -d /tmp/nacre-slurm-XXXXXX)}
mkdir -p "$work"/{slurm,state,spool}
log=$work/proof.txt
: >"$log"
say() { echo "$(date +%H:%M:%S) $*" | tee -a "$log"; }
fail() { say "FAILED: $*"; exit 1; }

# -- What is needed
if ! command -v slurmctld >/dev/null || ! command -v munged >/dev/null; then
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q slurmctld slurmd slurm-client munge
fi
if [ ! -x "$venv/bin/snakemake" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q snakemake==9.27.1 snakemake-executor-plugin-slurm==2.8.0
fi
PATH=$venv/bin:$PATH

# A copy of what is committed: nobody edits the code, and with it the cache keys, while it runs.
snap=$work/nacre
mkdir -p "$snap"
git -C "$here" archive HEAD | tar x -C "$snap"
ln -sfn "$here/node_modules" "$snap/node_modules"
(cd "$snap" && npm run --silent build 2>/dev/null)
nacre=(node "$snap/dist/cli/main.js")
study=$snap/workflow/test/study.yaml

# -- Slurm by hand
daemons=()
stop() { for pid in "${daemons[@]}"; do kill "$pid" 2>/dev/null || true; done; }
trap stop EXIT
if ! munge -n 2>/dev/null | unmunge >/dev/null 2>&1; then
  install -d -o munge -g munge -m 755 /run/munge
  runuser -u munge -- munged --foreground >"$work/slurm/munged.log" 2>&1 &
  daemons+=($!)
  sleep 1
fi
munge -n | unmunge >/dev/null || fail 'munge does not answer'
node=$(hostname -s)
memory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.9) }' /proc/meminfo)
cat >"$work/slurm/slurm.conf" <<CONF
ClusterName=nacre
SlurmctldHost=$node
SlurmUser=root
AuthType=auth/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurm/slurmctld.pid
SlurmdPidFile=$work/slurm/slurmd.pid
SlurmctldPort=16817
SlurmdPort=16818
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
ReturnToService=2
SchedulerParameters=sched_interval=2,batch_sched_delay=0
KillWait=2
MinJobAge=3600
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$memory State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm/slurm.conf
slurmctld -D -c -f "$SLURM_CONF" >"$work/slurm/slurmctld.log" 2>&1 &
daemons+=($!)
slurmd -D -c -f "$SLURM_CONF" -N "$node" >"$work/slurm/slurmd.log" 2>&1 &
daemons+=($!)
for _ in $(seq 60); do
  [ "$(sinfo -h -o %T 2>/dev/null)" = idle ] && break
  sleep 0.5
done
[ "$(sinfo -h -o %T)" = idle ] || fail "no idle node: $(sinfo -h 2>&1)"
say "$(slurmctld -V), snakemake $(snakemake --version); $(sinfo -h -o '%D node, %c CPUs, %m MB, %T')"

# -- Begun on the laptop
export NACRE_CACHE=$work/slurm-cache
"${nacre[@]}" extract "$study" --patient=SYN_001 --patient=SYN_002 --workers 1 2>/dev/null |
  while read -r line; do say "laptop: $line"; done

# -- Finished on the cluster
run=$work/slurm-run
receipts=$run.workflow
cd "$work"
began=$(date +%s)
# No accounting daemon here, so squeue is asked; threads as this node has them.
snakemake -s "$snap/workflow/Snakefile" --profile "$snap/workflow/profiles/slurm" \
  --slurm-status-command squeue --slurm-no-account --slurm-init-seconds-before-status-checks 5 \
  --slurm-keep-successful-logs --latency-wait 10 --set-threads evaluate="$(nproc)" \
  --config study="$study" run="$run" cache="$NACRE_CACHE" pictures=false \
  >"$work/snakemake.txt" 2>&1 &
snakemake=$!
daemons+=("$snakemake")

# The process of a patient's job, once it has finished one of its scans and has another before it.
half_way() { # patient job
  local file=$receipts/log/extract/$2.txt
  for _ in $(seq 6000); do
    if grep -q 'features: 4/8' "$file" 2>/dev/null && ! grep -q 'features: 8/8' "$file"; then
      pgrep -f "^node $snap/dist/cli/main.js extract .*--patient=$1( |\$)" && return 0
    fi
    kill -0 "$snakemake" 2>/dev/null || break
    sleep 0.05
  done
  return 1
}
# Slurm's id of the job that a process belongs to.
job_of() { tr '\0' '\n' <"/proc/$1/environ" | awk -F= -v key="$2" '$1 == key { print $2 }'; }

pid=$(half_way SYN_004 3) || fail 'never saw the job of SYN_004 half-way'
array=$(job_of "$pid" SLURM_ARRAY_JOB_ID)
task=$(job_of "$pid" SLURM_ARRAY_TASK_ID)
[ -n "$array" ] || fail 'the job of SYN_004 is not of an array'
scontrol requeue "${array}_$task"
say "requeued: job ${array}_$task (SYN_004, process $pid) after $(grep -o 'features: [0-9/]*' "$receipts/log/extract/3.txt" | tail -1)"
pid=$(half_way SYN_007 6) || fail 'never saw the job of SYN_007 half-way'
killed=$(job_of "$pid" SLURM_ARRAY_JOB_ID)_$(job_of "$pid" SLURM_ARRAY_TASK_ID)
kill -9 "$pid"
say "kill -9: job $killed (SYN_007, process $pid) after $(grep -o 'features: [0-9/]*' "$receipts/log/extract/6.txt" | tail -1)"
wait "$snakemake" || { tail -n 30 "$work/snakemake.txt"; fail 'snakemake'; }
say "workflow done in $(($(date +%s) - began)) s"
for job in $(scontrol -o show job | grep -o '^JobId=[0-9]*' | cut -d= -f2); do
  scontrol -o show job "$job" | awk '{
    for (i = 1; i <= NF; i++) { split($i, f, "="); v[f[1]] = f[2] }
    id = v["ArrayTaskId"] == "" ? v["JobId"] : v["ArrayJobId"] "_" v["ArrayTaskId"]
    printf "  job %-6s %-10s restarts %s  exit %s  %s\n", id, v["JobState"], v["Restarts"], v["ExitCode"], v["RunTime"] }'
done | sort -u | tee -a "$log"
units() { python3 -c "import json; r = json.load(open('$receipts/extract/$1.json')); print(r['unitsComputed'], 'units computed,', r['unitsReused'], 'from the cache')"; }
say "SYN_001 (begun on the laptop): $(units 0)"
say "SYN_004 (requeued): $(units 3)"
say "SYN_007 (killed, tried again): $(units 6)"
say "SYN_010 (undisturbed): $(units 9)"

# -- The same in one process, from nothing
began=$(date +%s)
NACRE_CACHE=$work/local-cache "${nacre[@]}" study "$study" --out "$work/local-run" --no-report >/dev/null 2>&1
"${nacre[@]}" report "$work/local-run" --no-pictures >/dev/null 2>&1
say "local run done in $(($(date +%s) - began)) s"

# -- The same bytes?
sums() { (cd "$1" && find . -type f ! -name .lock -print0 | sort -z | xargs -0 sha256sum); }
sums "$work/local-run" >"$work/local.sha256"
sums "$run" >"$work/slurm.sha256"
differing=$(diff "$work/local.sha256" "$work/slurm.sha256" | awk '/^[<>]/ { print $3 }' | sort -u | tr '\n' ' ')
say "run folder: $(wc -l <"$work/local.sha256") files; $(comm -12 <(sort "$work/local.sha256") <(sort "$work/slurm.sha256") | wc -l) of the same name and bytes; others: ${differing:-none}"
for file in results.json predictions.parquet partitions.json config.yaml features/radiomics.parquet features/resnet10.parquet; do
  cmp "$work/local-run/$file" "$run/$file" || fail "$file differs"
  say "same bytes: $file $(sha256sum <"$run/$file" | cut -c1-16)"
done
# provenance.json holds time, machine and counts; the report shows them.
[ -z "$(tr ' ' '\n' <<<"$differing" | grep -v -e '^$' -e '^\./provenance.json$' -e '^\./report.html$')" ] ||
  fail "differing: $differing"
sums "$work/local-cache/units" >"$work/local-units.sha256"
sums "$work/slurm-cache/units" >"$work/slurm-units.sha256"
cmp "$work/local-units.sha256" "$work/slurm-units.sha256" || fail 'the unit caches differ'
say "unit caches: $(wc -l <"$work/local-units.sha256") rows, the same names and bytes"

# -- And back on the laptop: nothing is left to do
"${nacre[@]}" study "$study" --out "$run" --no-report >/dev/null 2>&1
say "nacre study in the cluster's run folder: $(python3 -c "import json; p = json.load(open('$run/provenance.json')); print(p['extraction']['unitsComputed'], 'units extracted,', p['unitsComputed'], 'evaluated anew')")"
say 'PASSED'

{
  echo '# Slurm run and local run: the same bytes'
  echo
  echo "Written by \`workflow/test/slurm.sh\` on $(date -u +%F), commit $(git -C "$here" rev-parse --short HEAD), $(nproc) cores ($(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)), Node $(node --version). One host is controller and only node: Debian's slurm-wlm without cgroups (proctrack/linuxproc, task/none) and without an accounting daemon, daemons started by hand, jobs sent by snakemake-executor-plugin-slurm $("$venv/bin/pip" list 2>/dev/null | awk '$1 == "snakemake-executor-plugin-slurm" { print $2 }') as one array. What it shows is that jobs, a requeue and a kill leave the bytes as they are; it says nothing of many nodes or of a network file system. Times are those of tiny jobs, of which most is the start of Slurm, Snakemake and Node, on a machine that may do other things: no benchmark."
  echo
  echo '```'
  cat "$log"
  echo '```'
} >"$report"
