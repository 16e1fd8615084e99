"""Pictologics 0.9 for bench/radiomics, in a process of its own, with the protocol of bench/radiomics/peer.py. Reads NIfTI files.

{"image", "mask", "what", "repeat"} gives {"ms", "cpu"}: milliseconds a run on the clock and of CPU. "what" is "total" (every family of its
standard configurations), "same" (the families that have a counterpart among PyRadiomics' classes) or the name of such a class; each run is
RadiomicsPipeline.run with discretisation. Bins have the width 25 and begin where PyRadiomics' do. "classes" counts features by family.

Each run is given an image of its own, of which one voxel differs from the run before (made before the clock starts), so that no result can
be kept. Loading is not timed, as for the other programs.
"""

import json
import os
import sys
import time

os.environ["PICTOLOGICS_NUM_THREADS"] = "1"

import dataclasses  # noqa: E402

import numpy as np  # noqa: E402
from pictologics import RadiomicsPipeline, load_image  # noqa: E402

families = {
    "shape": ["morphology"],
    "firstorder": ["intensity", "histogram"],
    "glcm": ["glcm"],
    "gldm": ["ngldm"],
    "glrlm": ["glrlm"],
    "glszm": ["glszm"],
    "ngtdm": ["ngtdm"],
}
families["same"] = [name for names in list(families.values()) for name in names]
families["total"] = ["intensity", "morphology", "texture", "histogram", "ivh"]
scans = {}
runs = 0


def load(image, mask):
    if image not in scans:
        scan, region = load_image(image), load_image(mask)
        places = np.argwhere(region.array > 0)
        inside = scan.array[region.array > 0]
        # A voxel that is neither the lowest nor the highest, so that the bins stay.
        changed = next(tuple(at) for at in places if inside.min() < scan.array[tuple(at)] < inside.max() - 1)
        discretise = {"method": "FBS", "bin_width": 25.0, "min_val": float(np.floor(inside.min() / 25) * 25)}
        pipeline = RadiomicsPipeline()
        for name, wanted in families.items():
            features = {"families": wanted, "include_spatial_intensity": False, "include_local_intensity": False}
            steps = [{"step": "discretise", "params": discretise}, {"step": "extract_features", "params": features}]
            pipeline.add_config(name, steps)
        scans[image] = (pipeline, scan, region, changed)
    return scans[image]


def another(scan, changed):
    global runs
    runs += 1
    array = scan.array.copy()
    array[changed] += runs % 2
    return dataclasses.replace(scan, array=array)


def answer(asked):
    pipeline, scan, region, changed = load(asked["image"], asked["mask"])
    if asked["what"] == "classes":
        counts = {name: pipeline.run(scan, region, config_names=[name])[name].notna().sum() for name in families}
        return {"classes": {name: int(count) for name, count in counts.items()}}
    ms = cpu = 0.0
    for _ in range(asked["repeat"]):
        image = another(scan, changed)
        mask = dataclasses.replace(region, array=region.array.copy())
        begun, started = time.process_time(), time.perf_counter()
        pipeline.run(image, mask, config_names=[asked["what"]])
        ms += time.perf_counter() - started
        cpu += time.process_time() - begun
    return {"ms": 1000 * ms / asked["repeat"], "cpu": 1000 * cpu / asked["repeat"]}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
