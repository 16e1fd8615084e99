"""Writes test/goldens/statistics.json: tests and adjustments of scipy, statsmodels and MLstatkit on fixed made-up data.

    python3 -m venv bench/peers/.venv-statistics
    bench/peers/.venv-statistics/bin/pip install -r bench/peers/requirements-statistics.txt
    bench/peers/.venv-statistics/bin/python bench/peers/reference_statistics.py
"""

import json
import sys
from pathlib import Path

import MLstatkit
import numpy as np
import scipy
import sklearn
import statsmodels
from MLstatkit import Delong_test
from scipy.stats import norm
from sklearn.metrics import roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests


def delong_by_definition(labels, scores):
    """Components V10 and V01 from all pairs, as DeLong et al. (1988) define them."""
    x, y = scores[labels == 1], scores[labels == 0]
    kernel = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    return kernel.mean(axis=1), kernel.mean(axis=0)


def delong_case(name, rng, positives, negatives, shift, digits):
    labels = np.r_[np.ones(positives), np.zeros(negatives)].astype(int)
    latent = rng.normal(size=labels.size)
    a = np.round(latent + shift * labels, digits)
    b = np.round(0.6 * latent + 0.8 * rng.normal(size=labels.size) + 0.7 * shift * labels, digits)
    a10, a01 = delong_by_definition(labels, a)
    b10, b01 = delong_by_definition(labels, b)
    s10, s01 = np.cov(a10, b10), np.cov(a01, b01)
    covariance = s10 / positives + s01 / negatives
    auc_a, auc_b = a10.mean(), b10.mean()
    error = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    assert np.isclose(auc_a, roc_auc_score(labels, a), atol=1e-14)
    z, p, *_rest, info = Delong_test(labels, a, b)
    assert info["method"] == "delong"
    logit, half = np.log(auc_a / (1 - auc_a)), 1.959963984540054 * np.sqrt(covariance[0, 0]) / (auc_a * (1 - auc_a))
    return {
        "name": name,
        "labels": labels.tolist(),
        "a": a.tolist(),
        "b": b.tolist(),
        "aucA": auc_a,
        "aucB": auc_b,
        "varianceA": covariance[0, 0],
        "varianceB": covariance[1, 1],
        "lowA": 1 / (1 + np.exp(half - logit)),
        "highA": 1 / (1 + np.exp(-half - logit)),
        "standardError": error,
        "p": 2 * norm.sf(abs(auc_a - auc_b) / error),
        # MLstatkit's sign is that of b minus a.
        "mlstatkitZ": -z,
        "mlstatkitP": p,
    }


def adjusted(name, p):
    return {
        "name": name,
        "p": p,
        "holm": multipletests(p, method="holm")[1].tolist(),
        "benjaminiHochberg": multipletests(p, method="fdr_bh")[1].tolist(),
    }


def mcnemar_case(both, first, second, neither):
    table = [[both, first], [second, neither]]
    corrected = mcnemar(table, exact=False, correction=True)
    return {
        "both": both,
        "onlyFirst": first,
        "onlySecond": second,
        "neither": neither,
        "exact": mcnemar(table, exact=True).pvalue,
        "chiSquare": corrected.statistic,
        "asymptotic": corrected.pvalue,
    }


def main():
    rng = np.random.default_rng(20251127)
    uniform = rng.uniform(size=36)
    golden = {
        "command": "bench/peers/.venv-statistics/bin/python bench/peers/reference_statistics.py",
        "versions": {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
            "statsmodels": statsmodels.__version__,
            "MLstatkit": MLstatkit.__version__ if hasattr(MLstatkit, "__version__") else "0.1.91",
        },
        "delong": [
            delong_case("no ties", rng, 30, 50, 1.0, 12),
            delong_case("ties", rng, 25, 25, 0.7, 1),
            delong_case("imbalanced, high", rng, 8, 72, 2.2, 12),
            delong_case("chance, many ties", rng, 12, 20, 0.0, 0),
        ],
        "adjusted": [
            adjusted("36 tests, most null", np.where(np.arange(36) % 5 == 0, uniform / 50, uniform).tolist()),
            adjusted("ties and bounds", [0.01, 0.01, 1.0, 0.04, 0.03, 0.0004, 0.04]),
            adjusted("one", [0.03]),
        ],
        "mcnemar": [
            mcnemar_case(40, 12, 3, 10),
            mcnemar_case(10, 2, 1, 10),
            mcnemar_case(900, 340, 260, 500),
            mcnemar_case(5, 7, 0, 1),
        ],
    }
    path = Path(__file__).parents[2] / "test/goldens/statistics.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
