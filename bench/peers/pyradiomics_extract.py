"""Extracts features with PyRadiomics, for the parity suite pyradiomics-live.

Reads from stdin a JSON list of {"id", "image", "mask", "parameters", "double"}; parameters as a PyRadiomics parameter
file holds them; double: hand the image over as 64-bit floats. Writes one JSON line a case: {"id", "features": {name: number or null}, "seconds"} or {"id", "error"}.
"""

import json
import logging
import math
import sys
import time

import SimpleITK
from radiomics import featureextractor

logging.getLogger("radiomics").setLevel(logging.ERROR)
SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)


def extract(case):
    extractor = featureextractor.RadiomicsFeatureExtractor()
    extractor.loadJSONParams(json.dumps(case["parameters"]))
    image = SimpleITK.ReadImage(case["image"])
    if case.get("double"):
        image = SimpleITK.Cast(image, SimpleITK.sitkFloat64)
    started = time.perf_counter()
    found = extractor.execute(image, case["mask"])
    seconds = time.perf_counter() - started
    features = {
        name: (float(value) if math.isfinite(float(value)) else None)
        for name, value in found.items()
        if not name.startswith("diagnostics_")
    }
    return {"id": case["id"], "features": features, "seconds": seconds}


for one in json.load(sys.stdin):
    try:
        line = extract(one)
    except Exception as error:
        line = {"id": one["id"], "error": f"{type(error).__name__}: {error}"}
    print(json.dumps(line), flush=True)
