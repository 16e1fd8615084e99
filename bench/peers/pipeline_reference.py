"""The pipeline of nacre in scikit-learn and XGBoost: impute, drop constants, z-score, drop twins, mRMR, RFE, classifier."""

import numpy as np
from mrmr_reference import mrmr, relevance_of
from sklearn import metrics
from sklearn.feature_selection import RFE, VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier


def classifier(weight, threads=1, **over):
    settings = dict(
        n_estimators=100,
        max_depth=3,
        learning_rate=0.1,
        min_child_weight=1,
        gamma=0,
        reg_lambda=1,
        reg_alpha=0,
        tree_method="exact",
        scale_pos_weight=weight,
        n_jobs=threads,
    )
    settings.update(over)
    return XGBClassifier(**settings)


def stable_importance(model):
    """Ranks 1, 2 ... by gain; among equals the later column is the lesser. scikit-learn's own argsort is unstable."""
    gain = model.feature_importances_
    order = np.lexsort((-np.arange(len(gain)), gain))
    ranks = np.empty(len(gain))
    ranks[order] = np.arange(1, len(gain) + 1)
    return ranks


def correlation_filter(x, relevance, threshold):
    """Of two columns with a larger |r| the more relevant stays, the earlier where they differ by rounding only."""
    r = np.abs(np.corrcoef(x, rowvar=False))
    left = list(np.argsort(-relevance, kind="stable"))
    kept = []
    while left:
        tied = sorted(j for j in left if relevance[j] >= relevance[left[0]] * (1 - 1e-12))
        for j in tied:
            if not kept or r[j, kept].max() <= threshold:
                kept.append(j)
        left = left[len(tied) :]
    return sorted(kept)


def native(booster):
    """nacre's names of booster settings as XGBClassifier's."""
    return dict(
        n_estimators=booster["rounds"],
        max_depth=booster["maxDepth"],
        learning_rate=booster["learningRate"],
        min_child_weight=booster["minChildWeight"],
        gamma=booster["gamma"],
        reg_lambda=booster["lambda"],
        reg_alpha=booster["alpha"],
    )


def rfe_settings(config):
    """Settings that RFE fits with: the first of each list. Without `finalBooster` they are the only ones."""
    grid = {key: values for key, values in config["booster"].items() if key != "implementation"}
    chosen = any(len(values) > 1 for values in grid.values()) or config.get("earlyStopping")
    if chosen and "finalBooster" not in config:
        raise SystemExit("inner folds chose the settings: hand them over as finalBooster")
    return {key: values[0] for key, values in grid.items()}


def fit_predict(x, y, train, test, config, threads=1):
    """One partition. `config` is the pipeline part of a study file, with defaults filled in; `finalBooster` in it
    holds the booster settings that inner folds chose, where they did."""
    columns = np.arange(x.shape[1])
    a, b, ya = x[train], x[test], y[train]
    some = ~np.isnan(a).all(axis=0)
    a, b, columns = a[:, some], b[:, some], columns[some]
    if config["impute"] != "none":
        strategy = config["impute"].replace("-", "_")
        imputer = SimpleImputer(strategy=strategy).fit(a)
        a, b = imputer.transform(a), imputer.transform(b)
    variance = VarianceThreshold(config["varianceThreshold"]).fit(a)
    a, b, columns = variance.transform(a), variance.transform(b), columns[variance.get_support()]
    if config["scale"] == "zscore":
        scaler = StandardScaler().fit(a)
        a, b = scaler.transform(a), scaler.transform(b)
    if config["correlationThreshold"] < 1:
        m = config.get("mrmr") or {}
        measure = (m.get(k, d) for k, d in (("method", "fcq"), ("discretisation", "mean-sd"), ("sdFactor", 0.5), ("bins", 4)))
        kept = correlation_filter(a, relevance_of(a, ya, *measure), config["correlationThreshold"])
        a, b, columns = a[:, kept], b[:, kept], columns[kept]
    picks = []
    if config.get("mrmr"):
        m = config["mrmr"]
        order, _ = mrmr(a, ya, m["method"], m["features"], m["discretisation"], m["sdFactor"], m["bins"])
        picks = columns[order].tolist()
        a, b, columns = a[:, order], b[:, order], columns[order]
    weight = float((ya == 0).sum() / (ya == 1).sum()) if config["classWeight"] == "balanced" else 1.0
    model = classifier(weight, threads, **native(rfe_settings(config)))
    final = config.get("finalBooster")
    if config.get("rfe") and a.shape[1] > config["rfe"]["features"]:
        r = config["rfe"]
        step = r["step"] if r["step"] < 1 else int(r["step"])
        rfe = RFE(model, n_features_to_select=r["features"], step=step, importance_getter=stable_importance)
        rfe.fit(a, ya)
        support = rfe.get_support()
        a, b, columns = a[:, support], b[:, support], columns[support]
        model = rfe.estimator_
    else:
        model.fit(a, ya)
    if final is not None:
        model = classifier(weight, threads, **native(final)).fit(a, ya)
    return {
        "mrmr": [int(j) for j in picks],
        "selected": [int(j) for j in columns],
        "probabilities": [float(v) for v in model.predict_proba(b)[:, 1]],
    }


def scores(y, probability):
    """scikit-learn's metrics at 0.5 (at and above is class 1)."""
    y = np.asarray(y)
    probability = np.asarray(probability)
    predicted = (probability >= 0.5).astype(int)
    return {
        "balancedAccuracy": float(metrics.balanced_accuracy_score(y, predicted)),
        "sensitivity": float(metrics.recall_score(y, predicted)),
        "specificity": float(metrics.recall_score(y, predicted, pos_label=0)),
        "accuracy": float(metrics.accuracy_score(y, predicted)),
        "f1": float(metrics.f1_score(y, predicted)),
        "auc": float(metrics.roc_auc_score(y, probability)),
        "prAuc": float(metrics.average_precision_score(y, probability)),
        "brier": float(metrics.brier_score_loss(y, probability)),
    }
