"""Voxel-based maps of PyRadiomics.

    python voxel_maps_reference.py golden > test/goldens/voxel-maps.json     a small made volume, every class (requirements-pyradiomics.txt)
    python voxel_maps_reference.py live <parameter file> <folder>            brain1 and breast1 of NACRE_SHARED: maps as .nrrd, times as JSON
"""
import json
import logging
import os
import resource
import sys
import time
import warnings

import numpy as np
import SimpleITK as sitk
from radiomics import featureextractor

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
SIZE = (8, 7, 5)  # x, y, z


def made():
    values, state = [], 12345
    for _ in range(SIZE[0] * SIZE[1] * SIZE[2]):
        state = (state * 1103515245 + 12345) % 2147483648
        values.append(state % 90)
    image = np.array(values, np.float64).reshape(SIZE[::-1])
    z, y, x = np.mgrid[0 : SIZE[2], 0 : SIZE[1], 0 : SIZE[0]]
    mask = (((x - 4) ** 2 + (y - 3) ** 2 + 2 * (z - 2) ** 2) <= 8).astype(np.uint8)
    return image, mask


def images():
    image, mask = (sitk.GetImageFromArray(a) for a in made())
    for one in (image, mask):
        one.SetSpacing((1.0, 1.5, 2.0))
    return image, mask


def golden():
    classes = {name: [] for name in ("firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm")}
    cases = []
    for setting, voxel in (
        ({}, {"kernelRadius": 1}),
        ({"force2D": True}, {"kernelRadius": 2, "initValue": "nan"}),
        ({"binCount": 5}, {"kernelRadius": 2, "maskedKernel": False, "initValue": -1.0}),
        ({"force2D": True, "force2Ddimension": 1}, {"kernelRadius": 1, "voxelBatch": 7}),
    ):
        parameters = {
            "imageType": {"Original": {}},
            "featureClass": classes,
            "setting": {"binWidth": 10, **setting},
            "voxelSetting": voxel,
        }
        extractor = featureextractor.RadiomicsFeatureExtractor(parameters)
        found = extractor.execute(*images(), voxelBased=True)
        maps = {}
        for name, value in found.items():
            if isinstance(value, sitk.Image):
                flat = sitk.GetArrayFromImage(value).ravel()
                maps[name] = [None if np.isnan(x) else float(f"{x:.8g}") for x in flat]
                size, origin = value.GetSize(), value.GetOrigin()
        cases.append({"parameters": parameters, "size": size, "origin": origin, "maps": maps})
    print(json.dumps(cases))


def live(parameters, folder):
    shared = os.environ["NACRE_SHARED"] + "/reference/pyradiomics/"
    times, first = {}, {}
    for patient in ("brain1", "breast1"):
        extractor = featureextractor.RadiomicsFeatureExtractor(parameters)
        image, mask = (sitk.ReadImage(f"{shared}{patient}_{what}.nrrd") for what in ("image", "label"))
        best = float("inf")
        for _ in range(3):
            start, clock = time.process_time(), time.perf_counter()
            found = extractor.execute(image, mask, voxelBased=True)
            best = min(best, time.process_time() - start)
            first.setdefault(patient, time.perf_counter() - clock)
        for name, value in found.items():
            if isinstance(value, sitk.Image):
                sitk.WriteImage(value, f"{folder}/{patient}_{name}.nrrd")
        times[patient] = best
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": times, "first": first, "peakBytes": peak}))


if sys.argv[1] == "golden":
    golden()
else:
    live(sys.argv[2], sys.argv[3])
