"""Writes test/goldens/ispy2-study.json: scikit-learn's logistic regression and XGBoost on I-SPY 2, on nacre's partitions and on the
split of the table's authors, with DeLong's interval computed here.

    npm run study -- --real --out runs/ispy2 --no-report
    (the same with `design: { kind: fixed-split, column: split, train: [training], test: [test] }`, in runs/ispy2-split)
    bench/peers/.venv-sklearn/bin/python bench/peers/reference_ispy2.py runs/ispy2 runs/ispy2-split

Read from the run folders: partitions.json (who stands where) and, of results.json, the number of trees that inner folds chose,
since these folds come from nacre's own random stream. All else is made here from the table itself: tumour volume, imputation,
scaling, classifiers, metrics, DeLong's variance by its definition (every pair of patients, no ranks).
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
import xgboost
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

# Asked for the minimum as near as doubles allow, newton-cg warns where rounding ends it.
warnings.filterwarnings("ignore", module="sklearn|scipy")
root = Path(__file__).resolve().parents[2]
table = root / "data-manifests/ispy2/metadata_spy2_vis1_for_modeling.csv"
arms = {
    "receptors": ["HR", "HER2pos"],
    "clinical": ["HR", "HER2pos", "MP", "age"],
    "volume": ["log_volume"],
    "clinical+volume": ["HR", "HER2pos", "MP", "age", "log_volume"],
}


def prepared(frame, columns, train, test):
    x = frame[columns].to_numpy(float)
    imputer = SimpleImputer(strategy="median").fit(x[train])
    scaler = StandardScaler().fit(imputer.transform(x[train]))
    return tuple(scaler.transform(imputer.transform(x[rows])) for rows in (train, test))


def predict(kind, a, y, b, rounds):
    weight = float((y == 0).sum() / (y == 1).sum())
    if kind == "line":
        model = LogisticRegression(C=1.0, class_weight={0: 1.0, 1: weight}, solver="newton-cg", tol=1e-13, max_iter=10_000)
    else:
        model = XGBClassifier(
            n_estimators=rounds, max_depth=2, learning_rate=0.1, tree_method="exact", scale_pos_weight=weight, n_jobs=1
        )
    # Equal rows must stay equal: products of matrices may differ in the last bit from row to row.
    return np.round(model.fit(a, y).predict_proba(b)[:, 1].astype(float), 7 if kind == "trees" else 10)


def delong(y, p):
    """AUC, variance and the 95% interval on the logit scale, by the definition: ψ of every pair."""
    x, z = p[y == 1], p[y == 0]
    psi = (x[:, None] > z[None, :]) + 0.5 * (x[:, None] == z[None, :])
    auc = psi.mean()
    variance = psi.mean(axis=1).var(ddof=1) / len(x) + psi.mean(axis=0).var(ddof=1) / len(z)
    half = 1.959963984540054 * np.sqrt(variance) / (auc * (1 - auc))
    low, high = (1 / (1 + np.exp(-(np.log(auc / (1 - auc)) + s * half))) for s in (-1, 1))
    return {"auc": float(auc), "variance": float(variance), "low": float(low), "high": float(high)}


def run(folder, frame, intervals):
    partitions = json.loads((folder / "partitions.json").read_text())["pcr"]
    results = json.loads((folder / "results.json").read_text())
    sets = {s["id"]: s for s in results["endpoints"][0]["featureSets"]}
    at = {patient: i for i, patient in enumerate(frame["pid"])}
    y = frame["pCR"].to_numpy(int)
    rows = []
    for k, partition in enumerate(partitions):
        train = np.sort([at[p] for p in partition["train"]["patients"]])
        test = np.sort([at[p] for p in partition["test"]["patients"]])
        ids = "\n".join(sorted(frame["pid"].to_numpy()[test]))
        for arm, columns in arms.items():
            a, b = prepared(frame, columns, train, test)
            for kind in ("line", "trees"):
                rounds = sets[f"{arm}-trees"]["partitions"][k]["booster"]["rounds"] if kind == "trees" else None
                p = predict(kind, a, y[train], b, rounds)
                rows.append(
                    {
                        "set": f"{arm}-{kind}",
                        "partition": k,
                        "testSha256": hashlib.sha256(ids.encode()).hexdigest(),
                        "rounds": rounds,
                        "balancedAccuracy": float(balanced_accuracy_score(y[test], p >= 0.5)),
                        "auc": float(roc_auc_score(y[test], p)),
                        **({"delong": delong(y[test], p)} if intervals else {}),
                    }
                )
    return rows


frame = pd.read_csv(table)
frame["log_volume"] = np.log(frame["mask_count"] * frame["xy_spacing"] ** 2 * frame["slice_space"] / 1000)
golden = {
    "command": "python bench/peers/reference_ispy2.py runs/ispy2 runs/ispy2-split",
    "versions": {"scikit-learn": sklearn.__version__, "xgboost": xgboost.__version__, "pandas": pd.__version__},
    "tableSha256": hashlib.sha256(table.read_bytes()).hexdigest(),
    "partitions": run(Path(sys.argv[1]), frame, False),
    "split": run(Path(sys.argv[2]), frame, True),
}
(root / "test/goldens/ispy2-study.json").write_text(json.dumps(golden, indent=1) + "\n")
