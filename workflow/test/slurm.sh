#!/usr/bin/env bash
# The workflow on a real Slurm: Debian's slurm-wlm on this host (as root, without systemd and cgroups), with the study of
# workflow/test/study.yaml. Two of its patients are extracted "on the laptop", seven as an array of Slurm (slurm-array.sh), the
# study as a whole by Snakemake and the profile for Slurm. Of the array as of Snakemake's jobs one is put back into the queue
# half-way (scontrol requeue), and the process of another one is killed half-way (kill -9). Then the same study by `nacre study`
# in one process, from nothing: every file that holds a number must have the same bytes (same-bytes.sh).
#
#   workflow/test/slurm.sh [REPORT.md]        default bench/slurm.md; some 10 minutes on 2 cores
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
  "$venv/bin/pip" install -q snakemake==9.27.1 snakemake-executor-plugin-slurm==2.8.0 \
    snakemake-executor-plugin-slurm-jobstep==0.6.1
fi
PATH=$venv/bin:$PATH

snap=$work/nacre
commit=$(git -C "$here" rev-parse --short HEAD)
"$here/workflow/test/committed.sh" "$snap"
nacre=(node "$snap/dist/cli/main.js")
study=$snap/workflow/test/study.yaml

# -- Slurm by hand
daemons=()
conf=/etc/slurm/slurm.conf
[ ! -e "$conf" ] || fail "this host has a Slurm of its own: $conf"
stop() {
  for pid in "${daemons[@]}"; do kill "$pid" 2>/dev/null || true; done
  rm -f "$conf"
}
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
# Where every Slurm looks: the executor plugin takes SLURM_CONF, as all of SLURM_*, from the environment of its job steps.
mkdir -p "$(dirname "$conf")"
cat >"$conf" <<CONF
ClusterName=nacre
SlurmctldHost=$node
SlurmUser=root
AuthType=auth/munge
# A requeued job waits as long as its credential may live: 2 minutes, were it not for this.
AuthInfo=cred_expire=5
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
slurmctld -D -c >"$work/slurm/slurmctld.log" 2>&1 &
daemons+=($!)
slurmd -D -c -N "$node" >"$work/slurm/slurmd.log" 2>&1 &
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

# A job whose process has finished a scan and has another before it: process, patient, id of the job, its log. Waits for one as
# long as the command it is given says that there are jobs.
half_way() { # command
  local pid file patient
  while "$@"; do
    for pid in $(pgrep -f "^node $snap/dist/cli/main.js extract .*--patient="); do
      file=$(readlink "/proc/$pid/fd/2") || continue
      if grep -q 'features: 4/12' "$file" && ! grep -q 'features: 8/12' "$file"; then
        patient=$(tr '\0' '\n' <"/proc/$pid/cmdline" | sed -n 's/^--patient=//p')
        [[ " $disturbed " == *" $patient "* ]] || { echo "$pid $patient $(job_of "$pid") $file"; return; }
      fi
    done
    sleep 0.05
  done
  return 1
}
# Slurm's id of the job that a process belongs to.
job_of() {
  tr '\0' '\n' <"/proc/$1/environ" | awk -F= '{ v[$1] = $2 } END {
    print v["SLURM_ARRAY_JOB_ID"] == "" ? v["SLURM_JOB_ID"] : v["SLURM_ARRAY_JOB_ID"] "_" v["SLURM_ARRAY_TASK_ID"] }'
}
# One job back into the queue and the process of another one killed, each half-way.
disturb() { # command that tells whether there are jobs
  local pid patient job file
  read -r pid patient job file < <(half_way "$@") || fail 'never saw a job half-way, to requeue it'
  scontrol requeue "$job"
  say "requeued: job $job ($patient) after $(grep -o 'features: [0-9/]*' "$file" | tail -1)"
  disturbed+=" $patient"
  read -r pid patient job file < <(half_way "$@") || fail 'never saw a job half-way, to kill it'
  kill -9 "$pid"
  say "kill -9: job $job ($patient) after $(grep -o 'features: [0-9/]*' "$file" | tail -1)"
  disturbed+=" $patient"
}
disturbed=

# -- Some patients as an array of Slurm, nobody tries the killed one again
cd "$work"
mkdir -p array
"${nacre[@]}" extract "$study" --list >patients.txt 2>/dev/null
array=$(NACRE="${nacre[*]}" sbatch --parsable --requeue --array=1-7 --mem=2500 --output="$work/array/%a.txt" \
  "$snap/workflow/slurm-array.sh" "$study" patients.txt)
in_array() { [ -n "$(squeue -h -j "$array")" ]; }
disturb in_array
while in_array; do sleep 1; done
states=$(squeue -h -r -t all -j "$array" -o %T | sort | uniq -c | xargs)
say "array $array of 7 patients done: $states"
for patient in $disturbed; do
  say "  $patient: $(grep -h '^units' "array/$((10#${patient#SYN_})).txt" || echo 'ended without a word')"
done
[ "$states" = '6 COMPLETED 1 FAILED' ] || fail 'the array'

# -- All of it by Snakemake, a job of Slurm a patient
run=$work/slurm-run
receipts=$run.workflow
began=$(date +%s)
# No accounting daemon here, so squeue is asked; threads as this node has them.
snakemake -s "$snap/workflow/Snakefile" --profile "$snap/workflow/profiles/slurm" \
  --slurm-status-command squeue --slurm-no-account --slurm-init-seconds-before-status-checks 5 \
  --slurm-keep-successful-logs --latency-wait 10 --set-threads evaluate="$(nproc)" \
  --config study="$study" run="$run" cache="$NACRE_CACHE" pictures=false \
  >"$work/snakemake.txt" 2>&1 &
snakemake=$!
daemons+=("$snakemake")
in_workflow() { kill -0 "$snakemake" 2>/dev/null; }
of_array=$disturbed
disturb in_workflow
wait "$snakemake" || { tail -n 30 "$work/snakemake.txt"; fail 'snakemake'; }
say "workflow done in $(($(date +%s) - began)) s"
for job in $(scontrol -o show job | grep -o '^JobId=[0-9]*' | cut -d= -f2); do
  scontrol -o show job "$job" | awk '{
    for (i = 1; i <= NF; i++) { split($i, f, "="); v[f[1]] = f[2] }
    id = v["ArrayTaskId"] == "" ? v["JobId"] : v["ArrayJobId"] "_" v["ArrayTaskId"]
    printf "  job %-6s %-20s %-10s restarts %s  exit %s  %s\n", id, v["Comment"], v["JobState"], v["Restarts"], v["ExitCode"], v["RunTime"] }'
done | sort -u -k2,2V | tee -a "$log"
job=0
while read -r patient; do
  how=
  [[ " $of_array " != *" $patient "* ]] || how=' (disturbed in the array)'
  [[ " ${disturbed#"$of_array"} " != *" $patient "* ]] || how=' (disturbed in the workflow)'
  say "$patient: $(python3 -c "import json; r = json.load(open('$receipts/extract/$job.json')); print(r['unitsComputed'], 'units computed,', r['unitsReused'], 'from the cache')")$how"
  job=$((job + 1))
done <patients.txt

# -- The same in one process, from nothing
began=$(date +%s)
NACRE_CACHE=$work/local-cache "${nacre[@]}" study "$study" --out "$work/local-run" --no-report >/dev/null 2>&1
"${nacre[@]}" report "$work/local-run" --no-pictures >/dev/null 2>&1
say "local run done in $(($(date +%s) - began)) s"

# -- The same bytes?
"$snap/workflow/test/same-bytes.sh" "$work/local-run" "$run" "$work/local-cache" "$NACRE_CACHE" >"$work/same.txt" ||
  fail "$(cat "$work/same.txt")"
while read -r line; do say "$line"; done <"$work/same.txt"

# -- And back on the laptop: nothing is left to do
"${nacre[@]}" study "$study" --out "$run" --no-report >/dev/null 2>&1
left=$(python3 -c "import json; p = json.load(open('$run/provenance.json')); print(p['extraction']['unitsComputed'], 'units extracted,', p['unitsComputed'], 'evaluated anew')")
say "nacre study in the cluster's run folder: $left"
[ "$left" = '0 units extracted, 0 evaluated anew' ] || fail 'something was left to do'
say 'PASSED'

{
  echo '# Slurm run and local run: the same bytes'
  echo
  echo "Written by \`workflow/test/slurm.sh\` on $(date -u +%F), commit $commit, $(nproc) cores ($(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)), Node $(node --version). One host is controller and only node: Debian's slurm-wlm without cgroups (proctrack/linuxproc, task/none) and without an accounting daemon, daemons started by hand, jobs sent by snakemake-executor-plugin-slurm $("$venv/bin/pip" list 2>/dev/null | awk '$1 == "snakemake-executor-plugin-slurm" { print $2 }'), a job a patient, and by sbatch --array. What it shows is that jobs, a requeue and a kill leave the bytes as they are; it says nothing of many nodes or of a network file system. Times are those of tiny jobs, of which most is the start of Slurm, Snakemake and Node, on a machine that may do other things: no benchmark."
  echo
  echo '```'
  cat "$log"
  echo '```'
} >"$report"
