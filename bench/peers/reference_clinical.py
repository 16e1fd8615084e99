"""Writes test/goldens/clinical-statistics.json: sample sizes of pmsampsize, decision curves of dcurves, calibration of
scikit-learn and numpy, rank-sum tests of scipy, contributions of XGBoost, on fixed made-up data.

    python3 -m venv bench/peers/.venv-clinical
    bench/peers/.venv-clinical/bin/pip install -r bench/peers/requirements-clinical.txt
    bench/peers/.venv-clinical/bin/pip install --no-deps --ignore-requires-python pmsampsize==0.1.0
    bench/peers/.venv-clinical/bin/python bench/peers/reference_clinical.py

pmsampsize asks for Python 3.12 by its metadata and runs on 3.11.
"""

import importlib.metadata
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.stats
import xgboost
from dcurves import dca
from pmsampsize.pmsampsize import pmsampsize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss


def sample_size(name, prevalence, parameters, shrinkage=0.9, **r2):
    result = pmsampsize(type="b", parameters=parameters, prevalence=prevalence, shrinkage=shrinkage, noprint=True, **r2)
    criteria = [row for row in result["results_table"] if isinstance(row, list) and str(row[0]).startswith("Criteria")]
    return {
        "name": name,
        "prevalence": prevalence,
        "parameters": parameters,
        "shrinkage": shrinkage,
        # What it computed with: it rounds the R² that it derives from Nagelkerke's.
        "coxSnell": result["rsquared"],
        **({"nagelkerke": r2["nagrsquared"]} if "nagrsquared" in r2 else {}),
        "patients": result["sample_size"],
        "criteria": [row[1] for row in criteria],
        "largestCoxSnell": result["max_r2a"],
        "eventsPerParameter": result["EPP"],
    }


def curve(name, rng, n, prevalence, strength, digits):
    y = (rng.uniform(size=n) < prevalence).astype(int)
    p = np.round(1 / (1 + np.exp(-(np.log(prevalence / (1 - prevalence)) + rng.normal(size=n) + strength * (y - prevalence)))), digits)
    thresholds = np.array([0.01, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9])
    frame = pd.DataFrame({"y": y, "p": p})
    result = dca(data=frame, outcome="y", modelnames=["p"], thresholds=thresholds)
    benefit = lambda model: result[result.model == model].sort_values("threshold").net_benefit.tolist()
    logits = np.log(np.clip(p, 1e-6, 1 - 1e-6) / (1 - np.clip(p, 1e-6, 1 - 1e-6)))
    slope = LogisticRegression(penalty=None, tol=1e-12, max_iter=10000).fit(logits[:, None], y)
    edges = np.linspace(0, 1, 11)
    bins = np.clip(np.digitize(p, edges[1:-1], right=True), 0, 9)
    ece = sum(abs(y[bins == b].mean() - p[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any())
    # In the large: the intercept with slope 1, by Newton's method.
    a = 0.0
    for _ in range(100):
        q = 1 / (1 + np.exp(-(a + logits)))
        a += (y - q).sum() / (q * (1 - q)).sum()
    return {
        "name": name,
        "labels": y.tolist(),
        "probabilities": p.tolist(),
        "thresholds": thresholds.tolist(),
        "model": benefit("p"),
        "all": benefit("all"),
        "brier": brier_score_loss(y, p),
        "error": float(ece),
        "intercept": float(a),
        "slope": float(slope.coef_[0, 0]),
    }


def ranks(name, rng, positives, negatives, shift, digits):
    values = np.round(np.r_[rng.normal(size=positives) + shift, rng.normal(size=negatives)], digits)
    labels = np.r_[np.ones(positives), np.zeros(negatives)].astype(int)
    test = scipy.stats.mannwhitneyu(values[labels == 1], values[labels == 0], method="asymptotic")
    return {"name": name, "values": values.tolist(), "labels": labels.tolist(), "u": test.statistic, "p": test.pvalue}


def contributions(rng):
    x = rng.normal(size=(90, 6)).astype(np.float32)
    x[rng.uniform(size=x.shape) < 0.08] = np.nan
    y = (np.nan_to_num(x[:, 0]) + np.nan_to_num(x[:, 1] * x[:, 2]) + rng.normal(size=90) > 0.3).astype(int)
    booster = xgboost.train(
        {"objective": "binary:logistic", "max_depth": 3, "eta": 0.2, "tree_method": "exact", "base_score": 0.5},
        xgboost.DMatrix(x[:60], y[:60]),
        num_boost_round=40,
    )
    held = x[60:]
    shap = booster.predict(xgboost.DMatrix(held), pred_contribs=True)
    margin = booster.predict(xgboost.DMatrix(held), output_margin=True)
    model = json.loads(booster.save_raw("json").decode())
    return {
        "rows": [[None if np.isnan(v) else float(v) for v in row] for row in held],
        "contributions": shap.astype(float).tolist(),
        "margins": margin.astype(float).tolist(),
        "model": model,
    }


def main():
    rng = np.random.default_rng(20251128)
    names = ["numpy", "scipy", "pandas", "scikit-learn", "xgboost", "dcurves", "pmsampsize"]
    golden = {
        "command": "bench/peers/.venv-clinical/bin/python bench/peers/reference_clinical.py",
        "versions": {"python": sys.version.split()[0], **{n: importlib.metadata.version(n) for n in names}},
        "sampleSize": [
            # Riley et al., Stat Med 2019 (chronic Chagas disease), the example of pmsampsize's own documentation.
            sample_size("Chagas disease", 0.174, 24, csrsquared=0.288),
            # Riley et al., BMJ 2020, fig. 3: foot ulcers and pre-eclampsia take R² of 15% of the largest possible.
            sample_size("15% of the largest R², 30 parameters", 0.05, 30, nagrsquared=0.15),
            sample_size("10 parameters, common outcome", 0.5, 10, nagrsquared=0.15),
            sample_size("370 columns, 46 of 156", 46 / 156, 370, nagrsquared=0.15),
            sample_size("16 columns, 46 of 156", 46 / 156, 16, nagrsquared=0.15),
            sample_size("less shrinkage", 0.3, 20, shrinkage=0.95, csrsquared=0.2),
        ],
        "curves": [
            curve("calibrated", rng, 300, 0.3, 1.0, 12),
            curve("ties at thresholds", rng, 200, 0.25, 0.6, 1),
            curve("rare", rng, 400, 0.05, 2.0, 12),
        ],
        "ranks": [
            ranks("no ties", rng, 30, 50, 0.8, 12),
            ranks("ties", rng, 20, 25, 0.5, 1),
            ranks("binary", rng, 18, 40, 0.6, 0),
            ranks("no difference", rng, 9, 9, 0.0, 12),
        ],
        "contributions": contributions(rng),
    }
    path = Path(__file__).parents[2] / "test/goldens/clinical-statistics.json"
    path.write_text(json.dumps(golden) + "\n")
    print(path, path.stat().st_size)


main()
