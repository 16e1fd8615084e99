"""The reference's side of bench/scale: one partition after the other on the same Parquet file, read whole by pyarrow.

    python bench_scale.py SPEC.json

Prints one JSON line: seconds of the partitions (reading the file is told apart), CPU seconds, the process's peak
memory (VmHWM), balanced accuracies and selected columns.
"""

import json
import re
import sys
import time

import numpy as np
import pyarrow.parquet as pq
import sklearn
import xgboost
from pipeline_reference import fit_predict, scores


def main():
    spec = json.load(open(sys.argv[1]))
    y = np.array(spec["labels"])
    start = time.perf_counter()
    table = pq.read_table(spec["table"]).drop(["patient"])
    x = np.empty((table.num_rows, table.num_columns))
    for j in range(table.num_columns):
        x[:, j] = table.column(j).to_numpy()
    del table
    reading = time.perf_counter() - start
    start, cpu = time.perf_counter(), time.process_time()
    found, selected, ends = [], [], []
    for p in spec["partitions"]:
        out = fit_predict(x, y, np.array(p["train"]), np.array(p["test"]), spec["config"], 1)
        found.append(scores(y[p["test"]], out["probabilities"])["balancedAccuracy"])
        selected.append(out["selected"])
        ends.append(time.perf_counter() - start)
    peak = int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read()).group(1)) / 1024
    versions = {"python": sys.version.split()[0], "scikit-learn": sklearn.__version__, "xgboost": xgboost.__version__, "numpy": np.__version__}
    print(json.dumps({"seconds": time.perf_counter() - start, "cpuSeconds": time.process_time() - cpu, "readSeconds": reading, "ends": ends, "peakMB": peak, "balancedAccuracy": found, "selected": selected, "versions": versions}))


if __name__ == "__main__":
    main()
