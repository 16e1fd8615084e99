"""Times the reference pipeline on a table that bench/evaluation/main.ts wrote: `bench_evaluation.py SPEC.json`.

Prints one JSON line: seconds, CPU seconds of this process (all of the work where `processes` is 1) and balanced accuracies. Threads are XGBoost's (`n_jobs`), or partitions run side by
side in as many processes (joblib), whichever the spec asks for.
"""

import json
import sys
import time

import numpy as np
import sklearn
import xgboost
from joblib import Parallel, delayed
from pipeline_reference import fit_predict, scores


def one(x, y, partition, config, threads):
    out = fit_predict(x, y, np.array(partition["train"]), np.array(partition["test"]), config, threads)
    return scores(y[partition["test"]], out["probabilities"])["balancedAccuracy"]


def main():
    spec = json.load(open(sys.argv[1]))
    x = np.fromfile(spec["values"]).reshape(spec["columns"], spec["rows"]).T.copy()
    y = np.array(spec["labels"])
    first = spec["partitions"][0]
    jobs = spec["processes"]
    with Parallel(n_jobs=jobs) as pool:
        # Warm: imports and worker processes are not what is measured.
        small = dict(spec["config"], mrmr=dict(spec["config"]["mrmr"], features=3), rfe=dict(spec["config"]["rfe"], features=2))
        pool(delayed(one)(x[:, :20], y, first, small, spec["threads"]) for _ in range(jobs))
        start, cpu = time.perf_counter(), time.process_time()
        found = pool(delayed(one)(x, y, p, spec["config"], spec["threads"]) for p in spec["partitions"])
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    versions = {"python": sys.version.split()[0], "scikit-learn": sklearn.__version__, "xgboost": xgboost.__version__, "numpy": np.__version__}
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "balancedAccuracy": found, "versions": versions}))


if __name__ == "__main__":
    main()
