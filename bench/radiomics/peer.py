"""PyRadiomics for bench/radiomics: a line of JSON in ({"image", "mask", "class"}), a line out ({"ms"}).

"total" is the whole extractor on a scan in memory; a class is its constructor (it discretises) and its features.
{"class": "peak"} gives the highest resident memory of this process, MB (VmHWM).
"""

import json
import logging
import sys
import time

import SimpleITK
from radiomics import featureextractor, getFeatureClasses, imageoperations

logging.getLogger("radiomics").setLevel(logging.ERROR)
SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
classes = getFeatureClasses()
scans = {}


def load(image_path, mask_path):
    if image_path not in scans:
        image, mask = SimpleITK.ReadImage(image_path), SimpleITK.ReadImage(mask_path)
        box, _ = imageoperations.checkMask(image, mask)
        scans[image_path] = (image, mask, *imageoperations.cropToTumorMask(image, mask, box))
    return scans[image_path]


def answer(asked):
    if asked["class"] == "peak":
        with open("/proc/self/status") as status:
            return {"mb": next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))}
    image, mask, crop, crop_mask = load(asked["image"], asked["mask"])
    if asked["class"] == "total":
        extractor = featureextractor.RadiomicsFeatureExtractor(binWidth=25, additionalInfo=False)
        started = time.perf_counter()
        extractor.execute(image, mask)
    else:
        started = time.perf_counter()
        one = classes[asked["class"]](crop, crop_mask, binWidth=25, label=1)
        one.enableAllFeatures()
        one.execute()
    return {"ms": (time.perf_counter() - started) * 1000}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
