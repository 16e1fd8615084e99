"""flash-radiomics 1.0 for bench/radiomics, in a process of its own, with the protocol of bench/radiomics/peer.py.

{"image", "mask", "what": "total", "repeat"} gives {"ms", "cpu", "writing"}: milliseconds a run on the clock and of CPU, and the CPU
milliseconds of them that go into the HDF5 file, which every extraction writes. "classes" counts features by class. An extractor keeps
what it has prepared of its last eight scans; here each run begins anew, as for a scan not seen before.
"""

import json
import logging
import os
import sys
import tempfile
import time
from collections import Counter

import SimpleITK
from flash_radiomics import RadiomicsFeatureExtractor, featureextractor

logging.disable(logging.WARNING)
SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
scans = {}
output = os.path.join(tempfile.mkdtemp(), "features.h5")
writing = 0.0
write = featureextractor.write_extraction_hdf5


def timed_write(*args, **kwargs):
    global writing
    begun = time.process_time()
    try:
        return write(*args, **kwargs)
    finally:
        writing += time.process_time() - begun


featureextractor.write_extraction_hdf5 = timed_write


def load(image, mask):
    if image not in scans:
        scans[image] = (SimpleITK.ReadImage(image), SimpleITK.ReadImage(mask))
    return scans[image]


extractor = RadiomicsFeatureExtractor(backend="cpu", num_threads=1, binWidth=25, additionalInfo=False)
extractor._preprocess_cache_max_entries = 0


def run(loaded):
    return extractor.execute(*loaded, output_hdf5_path=output)


def answer(asked):
    global writing
    loaded = load(asked["image"], asked["mask"])
    if asked["what"] == "classes":
        return {"classes": Counter(name.split("_")[1] for name in run(loaded))}
    writing = 0.0
    cpu, started = time.process_time(), time.perf_counter()
    for _ in range(asked["repeat"]):
        run(loaded)
    scale = 1000 / asked["repeat"]
    spent = time.process_time() - cpu
    return {"ms": (time.perf_counter() - started) * scale, "cpu": spent * scale, "writing": writing * scale}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
