"""Reruns a study of nacre with scikit-learn and XGBoost, on the same partitions, and sets both side by side.

    bench/peers/.venv-sklearn/bin/python bench/peers/reference_study.py RUN_FOLDER [--ispy1 DIR] [--write GOLDEN.json]

Read from the run folder: config.yaml (the pipeline), features/*.parquet (the candidates), partitions.json (who
stands where), results.json and predictions.parquet (what nacre found). Labels of I-SPY 1 are made anew from the
publisher's sheets (--ispy1). Where inner folds chose the booster's settings, the reference takes the chosen ones
from results.json: the folds come from nacre's own random stream. All else is computed here: imputation, scaling,
filters, mRMR, RFE, the final classifier, the metrics.
"""

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
import xgboost
import yaml
from pipeline_reference import fit_predict, scores


def ispy1_labels(folder):
    """Endpoint -> patient number -> label, from the TCIA sheets."""
    book = Path(folder) / "clinical-and-outcome.xlsx"
    sheets = pd.read_excel(book, sheet_name=None)
    predictors = next(s for name, s in sheets.items() if "predictors" in name.lower() and "SUBJECTID" in s)
    outcomes = next(s for name, s in sheets.items() if "outcomes" in name.lower() and "SUBJECTID" in s)
    pcr = {int(i): int(v) for i, v in zip(outcomes["SUBJECTID"], pd.to_numeric(outcomes["PCR"], errors="coerce")) if v == v}
    before = pd.to_numeric(predictors["MRI LD Baseline"], errors="coerce")
    after = pd.to_numeric(predictors["MRI LD PreSurg"], errors="coerce")
    response = {
        int(i): int((b - a) / b >= 0.3)
        for i, b, a in zip(predictors["SUBJECTID"], before, after)
        if b == b and a == a and b > 0
    }
    return {"pcr": pcr, "response": response}


def number(patient):
    return int(re.search(r"(\d+)$", str(patient)).group(1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("--ispy1", type=Path, help="folder with clinical-and-outcome.xlsx")
    parser.add_argument("--write", type=Path, help="golden to write")
    parser.add_argument("--partitions", type=int, default=None, help="only the first ones")
    args = parser.parse_args()
    config = yaml.safe_load((args.run / "config.yaml").read_text())
    partitions = json.loads((args.run / "partitions.json").read_text())
    results = json.loads((args.run / "results.json").read_text())
    predictions = pd.read_parquet(args.run / "predictions.parquet")
    blocks = {p.stem: pd.read_parquet(p).set_index("patient") for p in (args.run / "features").glob("*.parquet")}
    known = ispy1_labels(args.ispy1) if args.ispy1 else None

    rows, worst = [], 0.0
    for endpoint in results["endpoints"]:
        for arm in endpoint["featureSets"]:
            wanted = next(s for s in config["featureSets"] if s["id"] == arm["id"])
            table = pd.concat([blocks[b] for b in wanted["blocks"]], axis=1)
            for ours in arm["partitions"][: args.partitions]:
                split = partitions[endpoint["id"]][ours["index"]]
                mine = predictions[
                    (predictions.endpoint == endpoint["id"])
                    & (predictions.featureSet == arm["id"])
                    & (predictions.partition == ours["index"])
                ].set_index("patient")
                patients = split["train"]["patients"] + split["test"]["patients"]
                if known is None:
                    raise SystemExit("labels of training patients are not in a run folder: name the cohort (--ispy1 DIR)")
                y = np.array([known[endpoint["id"]][number(p)] for p in patients])
                x = table.loc[patients].to_numpy(float)
                cut = len(split["train"]["patients"])
                assert (y[cut:] == mine.loc[split["test"]["patients"]].label).all(), "labels differ"
                assert y[:cut].sum() == split["train"]["positives"], "labels differ"
                pipeline = dict(config["pipeline"])
                grid = pipeline["booster"]
                pipeline["finalBooster"] = {k: ours["booster"][k] for k in grid}
                out = fit_predict(x, y, np.arange(cut), np.arange(cut, len(y)), pipeline)
                nacre = mine.loc[split["test"]["patients"]].probability.to_numpy()
                apart = float(np.abs(nacre - out["probabilities"]).max())
                worst = max(worst, apart)
                peer = scores(y[cut:], out["probabilities"])
                selected = sorted(table.columns[j] for j in out["selected"])
                rows.append(
                    {
                        "endpoint": endpoint["id"],
                        "featureSet": arm["id"],
                        "partition": ours["index"],
                        "nacre": ours["metrics"]["balancedAccuracy"],
                        "reference": peer["balancedAccuracy"],
                        "sameFeatures": selected == sorted(ours["selected"]),
                        "probabilitiesApart": apart,
                        "mrmr": [table.columns[j] for j in out["mrmr"]],
                        "selected": [table.columns[j] for j in out["selected"]],
                        "metrics": peer,
                    }
                )
                print(
                    f"{endpoint['id']:10} {arm['id']:22} {ours['index']:3}  nacre {rows[-1]['nacre']:.6f}"
                    f"  reference {peer['balancedAccuracy']:.6f}  same features {rows[-1]['sameFeatures']}"
                    f"  probabilities apart by {apart:.1e}",
                    flush=True,
                )
    equal = sum(abs(r["nacre"] - r["reference"]) < 1e-12 for r in rows)
    print(f"{equal} of {len(rows)} balanced accuracies equal; probabilities apart by at most {worst:.1e}")
    if args.write:
        golden = {
            "command": "bench/peers/.venv-sklearn/bin/python bench/peers/reference_study.py RUN_FOLDER --ispy1 ../shared/datasets/ispy1 --write " + args.write.name,
            "versions": {"scikit-learn": sklearn.__version__, "xgboost": xgboost.__version__, "numpy": np.__version__},
            "config": config,
            "rows": [
                {
                    "endpoint": r["endpoint"],
                    "featureSet": r["featureSet"],
                    "partition": r["partition"],
                    # The whole ranking, as a hash; its head to read.
                    "mrmr": r["mrmr"][:5],
                    "mrmrSha256": hashlib.sha256("\n".join(r["mrmr"]).encode()).hexdigest(),
                    "selected": r["selected"],
                    "balancedAccuracy": r["metrics"]["balancedAccuracy"],
                    "auc": r["metrics"]["auc"],
                }
                for r in rows
            ],
        }
        args.write.write_text(json.dumps(golden, indent=1) + "\n")
    sys.exit(0 if equal == len(rows) else 1)


if __name__ == "__main__":
    main()
