"""The fixed synthetic table, made the same way by test/learning/lcg-table.ts: only exact float64 steps.

x <- (1103515245 x + 12345) mod 2^31, value x / 2^31. Columns are drawn one after another. Column j is
u + 0.5 * v of a shared column when j % 3 == 1 (so that redundancy exists); every 7th column has gaps (value below
0.05 is missing); column `constant` is 2; column `twin` repeats column 3. Label 1 where
c0 + c3 - c6 + 0.8 u > 0.9 (missing as 0.5).
"""

import numpy as np


def lcg_table(rows=120, columns=60, seed=7):
    state = seed

    def draw():
        nonlocal state
        state = (1103515245 * state + 12345) % 2147483648
        return state / 2147483648

    data = np.empty((rows, columns + 2))
    shared = np.array([draw() for _ in range(rows)])
    for j in range(columns):
        u = np.array([draw() for _ in range(rows)])
        if j % 3 == 1:
            u = u + 0.5 * shared
        if j % 7 == 0:
            u = np.where(u < 0.05, np.nan, u)
        data[:, j] = u
    data[:, columns] = 2.0
    data[:, columns + 1] = data[:, 3]
    noise = np.array([draw() for _ in range(rows)])
    filled = np.where(np.isnan(data), 0.5, data)
    labels = (filled[:, 0] + filled[:, 3] - filled[:, 6] + 0.8 * noise > 0.9).astype(int)
    names = [f"c{j}" for j in range(columns)] + ["constant", "twin"]
    return data, labels, names


def every_fifth(rows, k):
    """Partition k: rows with (row + k) % 5 == 0 are held out."""
    test = np.array([i for i in range(rows) if (i + k) % 5 == 0])
    train = np.array([i for i in range(rows) if (i + k) % 5 != 0])
    return train, test
