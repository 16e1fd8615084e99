"""PyRadiomics for bench/radiomics: a line of JSON in ({"image", "mask", "what", "repeat"}), a line out ({"ms", "cpu"}).

"what": a class is its constructor (it discretises) and its features; "total" the whole extractor on a scan in memory;
"Wavelet", "LoG" (3 mm) and "resample" (1 mm, B-spline) the image functions alone. ms on the clock and of CPU, a run.
{"what": "peak"} gives the highest resident memory of this process, MB (VmHWM).
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
extractor = featureextractor.RadiomicsFeatureExtractor(binWidth=25, additionalInfo=False)


def load(image_path, mask_path):
    if image_path not in scans:
        image, mask = SimpleITK.ReadImage(image_path), SimpleITK.ReadImage(mask_path)
        box, _ = imageoperations.checkMask(image, mask)
        scans[image_path] = (image, mask, *imageoperations.cropToTumorMask(image, mask, box))
    return scans[image_path]


def run(what, image, mask, crop, crop_mask):
    if what == "total":
        extractor.execute(image, mask)
    elif what == "Wavelet":
        list(imageoperations.getWaveletImage(image, mask))
    elif what == "LoG":
        list(imageoperations.getLoGImage(image, mask, sigma=[3.0]))
    elif what == "resample":
        imageoperations.resampleImage(image, mask, resampledPixelSpacing=[1, 1, 1], interpolator="sitkBSpline")
    else:
        one = classes[what](crop, crop_mask, binWidth=25, label=1)
        one.enableAllFeatures()
        one.execute()


def answer(asked):
    if asked["what"] == "peak":
        with open("/proc/self/status") as status:
            return {"mb": next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))}
    loaded = load(asked["image"], asked["mask"])
    cpu, started = time.process_time(), time.perf_counter()
    for _ in range(asked["repeat"]):
        run(asked["what"], *loaded)
    scale = 1000 / asked["repeat"]
    return {"ms": (time.perf_counter() - started) * scale, "cpu": (time.process_time() - cpu) * scale}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
