"""Harmonises fixed tables with neuroCombat 0.2.12 (MIT) and writes what it gives: test/goldens/combat.json.

    NACRE_PEERS_VENVS/neurocombat/bin/python bench/peers/reference_combat.py > test/goldens/combat.json

Needs numpy, pandas and neuroCombat as in requirements-neurocombat.txt. The tables are lcg_table with gaps filled by 0.5, its
constant left out, and site effects put in; test/learning/combat.test.ts makes the same. Covariates are whole numbers, since
neuroCombat rounds them to float32. Rows of `held` are not given to neuroCombat: they are harmonised here, with numpy, from the
estimates of the other rows.
"""

import contextlib
import importlib.metadata
import io
import json

import numpy as np
import pandas as pd
from lcg_table import lcg_table
from neuroCombat import neuroCombat

SUBTYPES = ["HER2+", "HR+", "TN"]


def table(sites):
    data, labels, names = lcg_table()
    data = np.where(np.isnan(data), 0.5, data)[:, [j for j, name in enumerate(names) if name != "constant"]]
    rows = np.arange(len(data))
    # Unequal sites: of four the last has every thirteenth row.
    site = np.where(rows % 13 == 0, sites - 1, rows % max(1, sites - 1)) if sites > 2 else rows % 2
    age = 30 + (rows * 7) % 41
    subtype = np.array(SUBTYPES)[(rows // 4) % 3]
    columns = np.arange(data.shape[1])
    scale = 1 + 0.3 * site[:, None] * (1 + (columns % 4) / 4)
    shift = 0.5 * site[:, None] * (1 - (columns % 5) / 3)
    data = (data + 0.01 * age[:, None]) * scale + shift
    return data, labels, site, age, subtype


def case(name, sites, covariates, outcome=False, every=5):
    data, labels, site, age, subtype = table(sites)
    held = np.arange(len(data)) % every == 0
    train = ~held
    frame = pd.DataFrame({"site": [f"S{s}" for s in site], "age": age, "subtype": subtype, "outcome": labels})
    continuous = (["age"] if "age" in covariates else []) + (["outcome"] if outcome else [])
    categorical = ["subtype"] if "subtype" in covariates else []
    with contextlib.redirect_stdout(io.StringIO()):
        got = neuroCombat(
            dat=data[train].T,
            covars=frame[train].reset_index(drop=True),
            batch_col="site",
            categorical_cols=categorical,
            continuous_cols=continuous,
        )
    estimates = got["estimates"]
    # Coefficients of the covariates, from its design: mod.mean = design without the sites times them.
    design = got["info"]["design"].astype(float)
    n_sites = got["info"]["n_batch"]
    betas = np.zeros((design.shape[1] - n_sites, data.shape[1]))
    if design.shape[1] > n_sites:
        betas = np.linalg.lstsq(design, data[train], rcond=None)[0][n_sites:]
    extra = []
    if categorical:
        levels = np.unique(subtype[train])
        extra += [(subtype[held] == level).astype(float) for level in levels[1:]]
    if "age" in covariates:
        extra.append(age[held].astype(float))
    if outcome:
        extra.append(np.full(held.sum(), labels[train].mean()))
    expected = estimates["stand.mean"][:, :1].T + (np.array(extra).T @ betas if extra else 0)
    sd = np.sqrt(estimates["var.pooled"]).T
    where = site[held]
    gamma, delta = estimates["gamma.star"][where], estimates["delta.star"][where]
    moved = ((data[held] - expected) / sd - gamma) / np.sqrt(delta) * sd + expected
    return {
        "name": name,
        "sites": sites,
        "covariates": covariates,
        "outcome": outcome,
        "every": every,
        "train": [[float(f"{v:.12g}") for v in column] for column in np.asarray(got["data"])[::7]],
        "held": [[float(f"{v:.12g}") for v in column] for column in moved.T[::7]],
        "gamma": [[float(f"{v:.12g}") for v in row[::7]] for row in estimates["gamma.star"]],
        "delta": [[float(f"{v:.12g}") for v in row[::7]] for row in estimates["delta.star"]],
    }


print(
    json.dumps(
        {
            "command": "python bench/peers/reference_combat.py > test/goldens/combat.json",
            "versions": {p: importlib.metadata.version(p) for p in ["neuroCombat", "numpy", "pandas"]},
            "columns": "every 7th column of the table without `constant`",
            "cases": [
                case("two sites", 2, []),
                case("three sites, age", 3, ["age"]),
                case("four unequal sites, age and subtype", 4, ["age", "subtype"]),
                case("three sites, age, subtype and outcome", 3, ["age", "subtype"], outcome=True, every=4),
            ],
        }
    )
)
