"""mRMR from the papers (Peng, Long and Ding 2005; Ding and Peng 2005) on numpy and scikit-learn.

Written for this comparison: vectorised, redundancy sums kept from pick to pick.
"""

import numpy as np
from sklearn.feature_selection import f_classif


def levels_of(x, kind="mean-sd", factor=0.5, bins=4):
    most = 3 if kind == "mean-sd" else bins
    distinct = np.unique(x)
    if len(distinct) <= most:
        cuts = distinct[:-1]
    elif kind == "mean-sd":
        cuts = np.array([x.mean() - factor * x.std(), x.mean() + factor * x.std()])
    else:
        cuts = np.quantile(x, np.arange(1, bins) / bins)
    return (x[:, None] > cuts[None, :]).sum(axis=1)


def information_with(levels, other, most):
    """Mutual information in nats of every column of `levels` with `other`."""
    n, p = levels.shape
    result = np.zeros(p)
    other_hot = np.eye(most)[other]
    p_other = other_hot.mean(axis=0)
    for a in range(most):
        hot = (levels == a).astype(float)
        p_a = hot.mean(axis=0)
        joint = hot.T @ other_hot / n
        with np.errstate(divide="ignore", invalid="ignore"):
            term = joint * np.log(joint / (p_a[:, None] * p_other[None, :]))
        result += np.where(joint > 0, term, 0).sum(axis=1)
    return np.maximum(result, 0)


def relevance_of(x, y, method="fcq", kind="mean-sd", factor=0.5, bins=4):
    """F statistic, or mutual information in nats, of every column with the labels; 0 for constants."""
    if method in ("mid", "miq"):
        table = np.column_stack([levels_of(x[:, j], kind, factor, bins) for j in range(x.shape[1])])
        return information_with(table, y, int(max(table.max(), y.max())) + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.ptp(x, axis=0) > 0, f_classif(x, y)[0], 0)


def mrmr(x, y, method="fcq", features=50, kind="mean-sd", factor=0.5, bins=4):
    """Column numbers in the order of picking. `x` complete; constants are never picked."""
    varies = np.ptp(x, axis=0) > 0
    if method in ("mid", "miq"):
        table = np.column_stack([levels_of(x[:, j], kind, factor, bins) for j in range(x.shape[1])])
        most = int(max(table.max(), y.max())) + 1
        relevance = information_with(table, y, most)

        def redundancy(j):
            return information_with(table, table[:, j], most)

    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            relevance = np.where(varies, f_classif(x, y)[0], 0)
        centred = x - x.mean(axis=0)
        length = np.sqrt((centred**2).sum(axis=0))
        unit = centred / np.where(varies, length, 1)

        def redundancy(j):
            return np.abs(unit.T @ unit[:, j])

    open_columns = varies.copy()
    sums = np.zeros(x.shape[1])
    picks = []
    while len(picks) < features and open_columns.any():
        score = relevance
        if picks:
            mean = sums / len(picks)
            score = relevance / np.maximum(mean, 1e-3) if method in ("miq", "fcq") else relevance - mean
        score = np.where(open_columns, score, -np.inf)
        best = score.max()
        # Ties (the same number on another path) go to the first column.
        j = int(np.argmax(score >= best - 1e-12 * abs(best)))
        picks.append(j)
        open_columns[j] = False
        sums += redundancy(j)
    return picks, relevance
