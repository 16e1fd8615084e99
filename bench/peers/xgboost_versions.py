"""How far XGBoost's versions and tree methods lie apart on the fixed synthetic table.

    python xgboost_versions.py            needs numpy and xgboost alone; run it once in an environment a version

Prints, against test/goldens/learning.json (1.7.4, exact), the largest difference in probability for each setting.
"""

import json
from pathlib import Path

import numpy as np
import xgboost
from lcg_table import lcg_table

BASE = {"objective": "binary:logistic", "max_depth": 3, "eta": 0.1, "nthread": 1, "base_score": 0.5}
NAMES = {"reg_lambda": "lambda", "reg_alpha": "alpha", "learning_rate": "eta"}


def main():
    x, y, _ = lcg_table()
    golden = json.loads((Path(__file__).resolve().parents[2] / "test" / "goldens" / "learning.json").read_text())
    over = {
        "default": {}, "deep": {"max_depth": 6}, "lambda": {"reg_lambda": 5}, "alpha": {"reg_alpha": 0.5},
        "gamma": {"gamma": 0.7}, "child": {"min_child_weight": 4}, "eta": {"learning_rate": 0.4},
        "weight": {"scale_pos_weight": 2.5},
    }  # fmt: skip
    matrix = xgboost.DMatrix(x, y)
    for method in ("exact", "hist"):
        for base in (0.5, None):
            worst = {}
            for name, extra in over.items():
                settings = {**BASE, "tree_method": method, **{NAMES.get(k, k): v for k, v in extra.items()}}
                if base is None:
                    del settings["base_score"]
                p = xgboost.train(settings, matrix, 100).predict(matrix)
                worst[name] = float(np.abs(p - np.array(golden["boosters"][name]["probabilities"])).max())
            label = "base_score 0.5" if base else "own base_score"
            print(f"xgboost {xgboost.__version__} {method:5} {label}: " + ", ".join(f"{k} {v:.1e}" for k, v in worst.items()))


if __name__ == "__main__":
    main()
