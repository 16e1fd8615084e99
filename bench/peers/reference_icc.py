"""Writes test/goldens/icc.json: intraclass correlations of pingouin on Shrout and Fleiss' table and on made-up data.

    python3 -m venv bench/peers/.venv-icc
    bench/peers/.venv-icc/bin/pip install -r bench/peers/requirements-icc.txt
    bench/peers/.venv-icc/bin/python bench/peers/reference_icc.py
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pingouin
import scipy
from scipy.stats import f as f_distribution

# Shrout and Fleiss 1979, table 2: six subjects, four judges.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def interval(ratio, subjects, degrees, k):
    """McGraw and Wong 1996; pingouin gives the same, rounded to two digits in some versions."""
    low = ratio / f_distribution.ppf(0.975, subjects - 1, degrees)
    high = ratio * f_distribution.ppf(0.975, degrees, subjects - 1)
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def case(name, table):
    table = np.asarray(table, dtype=float)
    n, k = table.shape
    long = pd.DataFrame(
        [(i, j, table[i, j]) for i in range(n) for j in range(k)], columns=["subject", "repetition", "value"]
    )
    rows = pingouin.intraclass_corr(long, targets="subject", raters="repetition", ratings="value")
    # Single measurements: the first form of one-way random effects, and of mixed effects. Their names changed over versions.
    by_type = {str(kind): row for kind, (_, row) in zip(rows["Type"], rows.iterrows())}
    result = {"name": name, "values": table.tolist()}
    for ours, theirs in {"1,1": ("ICC1", "ICC(1,1)"), "3,1": ("ICC3", "ICC(C,1)")}.items():
        row = next(by_type[one] for one in theirs if one in by_type)
        column = "CI95%" if "CI95%" in row.index else "CI95"
        low, high = interval(row["F"], n, row["df2"], k)
        assert np.allclose([low, high], list(row[column]), atol=0.0051), (low, high, row[column])
        result[ours] = {"icc": float(row["ICC"]), "low": float(low), "high": float(high)}
    return result


def main():
    rng = np.random.default_rng(1979)
    subjects = lambda n: rng.normal(size=(n, 1))
    cases = [
        case("Shrout and Fleiss", SHROUT_FLEISS),
        case("30 subjects, 5 repetitions, 0.8", 2 * subjects(30) + rng.normal(size=(30, 5))),
        case("12 subjects, 3 repetitions with a shift", subjects(12) + [0, 1.5, 3] + 0.3 * rng.normal(size=(12, 3))),
        case("40 subjects, 4 repetitions of noise", rng.normal(size=(40, 4))),
        case("negative: repetitions that avoid each other", np.tile([[1.0, -1.0]], (9, 1)) * rng.normal(1, 0.1, size=(9, 1))),
        case("large numbers", 1e6 + 1e3 * subjects(15) + 50 * rng.normal(size=(15, 6))),
        case("nearly the same", subjects(20) + 1e-4 * rng.normal(size=(20, 2))),
    ]
    versions = {module.__name__: module.__version__ for module in (np, scipy, pingouin)}
    golden = {"versions": {"python": sys.version.split()[0], **versions}, "cases": cases}
    path = Path(__file__).parents[2] / "test" / "goldens" / "icc.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")
    print(f"{path}: {len(cases)} cases")


main()
