"""Writes test/goldens/logistic.json: scikit-learn's logistic regressions on the fixed synthetic table.

    python3 -m venv bench/peers/.venv-sklearn
    bench/peers/.venv-sklearn/bin/pip install -r bench/peers/requirements-sklearn.txt
    bench/peers/.venv-sklearn/bin/python bench/peers/reference_logistic.py
"""

import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from lcg_table import every_fifth, lcg_table
from mrmr_reference import mrmr, relevance_of
from pipeline_reference import correlation_filter, scores
from sklearn.feature_selection import RFE, VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler


def model(penalty, c, weight):
    """To the minimum, as near as doubles allow: the defaults of scikit-learn stop at 1e-4."""
    solver = dict(penalty="l2", solver="newton-cg", tol=1e-13, max_iter=10_000)
    if penalty == "lasso":
        solver = dict(penalty="l1", solver="saga", tol=1e-13, max_iter=1_000_000, random_state=0)
    return LogisticRegression(C=c, class_weight={0: 1.0, 1: weight}, **solver)


def miss(x, y, penalty, c, weight, fitted):
    """By how much the fitted model misses its optimality condition: 0 at the minimum."""
    w = fitted.coef_[0]
    s = np.where(y == 1, weight, 1.0)
    residual = c * s * (fitted.predict_proba(x)[:, 1] - y)
    gradient = x.T @ residual
    if penalty == "ridge":
        condition = gradient + w
    else:
        condition = np.where(w == 0, np.maximum(0, np.abs(gradient) - 1), gradient + np.sign(w))
    return float(max(abs(residual.sum()), np.abs(condition).max()))


def fit_case(name, x, y, penalty, c, balanced):
    weight = float((y == 0).sum() / (y == 1).sum()) if balanced else 1.0
    fitted = model(penalty, c, weight).fit(x, y)
    return {
        "name": name,
        "rows": int(x.shape[0]),
        "columns": int(x.shape[1]),
        "penalty": penalty,
        "c": c,
        "positiveWeight": weight,
        "intercept": float(fitted.intercept_[0]),
        "coefficients": fitted.coef_[0].tolist(),
        "miss": miss(x, y, penalty, c, weight, fitted),
    }


def pipeline_case(x, y, train, test, penalty, c):
    """impute median, drop constants, z-score, |r| <= 0.95, mRMR (FCQ) to 20, RFE by coefficient to 6, fit."""
    a, b, ya = x[train], x[test], y[train]
    columns = np.arange(x.shape[1])
    imputer = SimpleImputer(strategy="median").fit(a)
    a, b = imputer.transform(a), imputer.transform(b)
    varies = VarianceThreshold(0).fit(a).get_support()
    a, b, columns = a[:, varies], b[:, varies], columns[varies]
    scaler = StandardScaler().fit(a)
    a, b = scaler.transform(a), scaler.transform(b)
    kept = correlation_filter(a, relevance_of(a, ya, "fcq", "mean-sd", 0.5, 4), 0.95)
    a, b, columns = a[:, kept], b[:, kept], columns[kept]
    order, _ = mrmr(a, ya, "fcq", 20, "mean-sd", 0.5, 4)
    a, b, columns = a[:, order], b[:, order], columns[order]
    weight = float((ya == 0).sum() / (ya == 1).sum())
    rfe = RFE(model(penalty, c, weight), n_features_to_select=6, step=1).fit(a, ya)
    support = rfe.get_support()
    final = rfe.estimator_
    probability = final.predict_proba(b[:, support])[:, 1]
    return {
        "penalty": penalty,
        "c": c,
        "selected": columns[support].tolist(),
        "intercept": float(final.intercept_[0]),
        "coefficients": final.coef_[0].tolist(),
        "probabilities": probability.tolist(),
        "metrics": scores(y[test], probability),
    }


def main():
    x, y, _ = lcg_table()
    a = SimpleImputer(strategy="median").fit_transform(x)
    a = a[:, VarianceThreshold(0).fit(a).get_support()]
    a = StandardScaler().fit_transform(a)
    fits = []
    for c in (0.01, 1.0, 100.0):
        fits.append(fit_case("tall", a[:, :20], y, "ridge", c, True))
        fits.append(fit_case("wide", a[:40], y[:40], "ridge", c, False))
    # Without the twin: which of two equal columns a lasso picks is not determined.
    for c in (0.15, 0.3, 2.0):
        fits.append(fit_case("tall", a[:, :20], y, "lasso", c, True))
        fits.append(fit_case("wide", a[:40, :60], y[:40], "lasso", c, False))
    assert max(fit["miss"] for fit in fits) < 2e-6, [fit["miss"] for fit in fits]
    pipelines = []
    for k in range(5):
        train, test = every_fifth(len(y), k)
        for penalty, c in (("ridge", 1.0), ("lasso", 0.5)):
            pipelines.append({"partition": k, **pipeline_case(x, y, train, test, penalty, c)})
    golden = {
        "command": "bench/peers/.venv-sklearn/bin/python bench/peers/reference_logistic.py",
        "versions": {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "fits": fits,
        "pipelines": pipelines,
    }
    path = Path(__file__).parents[2] / "test/goldens/logistic.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
