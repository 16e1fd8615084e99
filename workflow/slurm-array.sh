#!/bin/sh
# The extraction of a study as one array of Slurm, a patient a task, for cohorts of thousands. It fills the cache that the
# workflow, or `nacre study`, then finds; a task that is lost loses no number: whoever reads the cache computes what it lacks.
#
#   export NACRE_CACHE=/shared/cache
#   nacre extract study.yaml --list > patients.txt
#   sbatch --requeue --array=1-"$(wc -l < patients.txt)" --mem=2500 --time=60 workflow/slurm-array.sh study.yaml patients.txt
#
# Further arguments go to `nacre extract` (--data, --mirror, --pseudonym-key). NACRE: how nacre is called (nacre).
# This is an array of Slurm's, not of Snakemake's: profiles/slurm/config.yaml tells why.
set -eu
study=$1
patient=$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$2")
shift 2
# exec: the signals of Slurm go to nacre itself, not to a shell.
exec ${NACRE:-nacre} extract "$study" --patient="$patient" --workers "${SLURM_CPUS_PER_TASK:-1}" "$@"
