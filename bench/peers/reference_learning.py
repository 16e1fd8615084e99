"""Writes test/goldens/learning.json: what scikit-learn and XGBoost make of the fixed synthetic table.

    python3 -m venv bench/peers/.venv-sklearn
    bench/peers/.venv-sklearn/bin/pip install -r bench/peers/requirements-sklearn.txt
    bench/peers/.venv-sklearn/bin/python bench/peers/reference_learning.py
"""

import json
import sys
from pathlib import Path

import numpy as np
import scipy
import sklearn
import xgboost
from lcg_table import every_fifth, lcg_table
from mrmr_reference import mrmr
from pipeline_reference import classifier, fit_predict, scores, stable_importance
from sklearn.feature_selection import RFE, VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler

CONFIG = {
    "impute": "median",
    "varianceThreshold": 0,
    "scale": "zscore",
    "correlationThreshold": 0.95,
    "mrmr": {"method": "fcq", "features": 30, "discretisation": "mean-sd", "sdFactor": 0.5, "bins": 4},
    "rfe": {"features": 8, "step": 1},
    "booster": {
        "rounds": [60],
        "maxDepth": [3],
        "learningRate": [0.1],
        "minChildWeight": [1],
        "gamma": [0],
        "lambda": [1],
        "alpha": [0],
    },
    "classWeight": "balanced",
    "threshold": "0.5",
}

BOOSTERS = {
    "default": {},
    "deep": {"max_depth": 6},
    "lambda": {"reg_lambda": 5},
    "alpha": {"reg_alpha": 0.5},
    "gamma": {"gamma": 0.7},
    "child": {"min_child_weight": 4},
    "eta": {"learning_rate": 0.4},
    "weight": {"scale_pos_weight": 2.5},
}


def gains(model, columns, kind):
    score = model.get_booster().get_score(importance_type=kind)
    return [float(score.get(f"f{j}", 0)) for j in range(columns)]


def main():
    x, y, names = lcg_table()
    rows = len(y)
    a = SimpleImputer(strategy="median").fit(x)
    full = a.transform(x)
    keep = VarianceThreshold().fit(full).get_support()
    z = StandardScaler().fit_transform(full[:, keep])
    kept_names = [name for name, k in zip(names, keep) if k]
    golden = {
        "command": "bench/peers/.venv-sklearn/bin/python bench/peers/reference_learning.py",
        "versions": {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
            "xgboost": xgboost.__version__,
        },
        "table": {
            "rows": rows,
            "columns": len(names),
            "positives": int(y.sum()),
            "missing": int(np.isnan(x).sum()),
            "columnMeans": [None if np.isnan(v) else float(v) for v in np.nanmean(x, axis=0)],
        },
        "imputer": {
            kind: SimpleImputer(strategy=kind.replace("-", "_")).fit(x).statistics_.tolist()
            for kind in ("median", "mean", "most-frequent")
        },
        "scaled": z[:3].tolist(),
        "columnsAfterVariance": kept_names,
    }
    picks = {}
    for method in ("mid", "miq", "fcd", "fcq"):
        for kind in ("mean-sd", "quantile"):
            if method[0] == "f" and kind == "quantile":
                continue
            order, relevance = mrmr(z, y, method, 25, kind)
            key = method if method[0] == "f" else f"{method} {kind}"
            picks[key] = {"picks": [kept_names[j] for j in order], "relevance": relevance.tolist()}
    golden["mrmr"] = picks
    golden["rfe"] = {}
    for step in (1, 4, 0.13):
        rfe = RFE(classifier(1.0), n_features_to_select=8, step=step, importance_getter=stable_importance)
        golden["rfe"][str(step)] = rfe.fit(z, y).ranking_.tolist()
    golden["boosters"] = {}
    for name, over in BOOSTERS.items():
        # The raw table, gaps and all: missing values go the learned way.
        model = classifier(over.get("scale_pos_weight", 1.0), **{k: v for k, v in over.items() if k != "scale_pos_weight"})
        model.fit(x, y)
        golden["boosters"][name] = {
            "probabilities": [float(v) for v in model.predict_proba(x)[:, 1]],
            "gain": gains(model, x.shape[1], "gain"),
            "totalGain": gains(model, x.shape[1], "total_gain"),
        }
    golden["config"] = CONFIG
    golden["partitions"] = []
    for k in range(5):
        train, test = every_fifth(rows, k)
        outcome = fit_predict(x, y, train, test, CONFIG)
        outcome["mrmr"] = [names[j] for j in outcome["mrmr"]]
        outcome["selected"] = [names[j] for j in outcome["selected"]]
        outcome["metrics"] = scores(y[test], outcome["probabilities"])
        golden["partitions"].append(outcome)
    path = Path(__file__).resolve().parents[2] / "test" / "goldens" / "learning.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(golden, indent=1) + "\n")
    print(f"{path}: {path.stat().st_size} bytes")
    for outcome in golden["partitions"]:
        print(outcome["selected"], {k: round(v, 3) for k, v in outcome["metrics"].items()})


if __name__ == "__main__":
    main()
