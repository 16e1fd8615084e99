"""Prints test/goldens/wavelet-single.json: PyRadiomics' own getWaveletImage on small images in float32.

Run with pyradiomics 3.0.1, SimpleITK 2.5, numpy 1.26.4, PyWavelets 1.9.0:
    python wavelet-single.py > ../../goldens/wavelet-single.json
Bands are base64 of their float32 voxels, little-endian, x fastest.
"""

import base64
import json
import sys

import numpy
import pywt
import SimpleITK as sitk
from radiomics import __version__, imageoperations

cases = []
for size, wavelet, level in (
    ((7, 6, 5), "coif1", 1),
    ((6, 4, 3), "db5", 1),
    ((4, 6, 4), "sym4", 2),
    ((2, 2, 2), "coif3", 1),
):
    at = numpy.arange(size[0] * size[1] * size[2])
    values = ((at * at * 37 + at * 911) % 10007 / 7 - 300).astype("<f4")
    image = sitk.GetImageFromArray(values.reshape(size[::-1]))
    bands = {
        name: base64.b64encode(sitk.GetArrayFromImage(band).astype("<f4").tobytes()).decode()
        for band, name, _ in imageoperations.getWaveletImage(image, image, wavelet=wavelet, level=level)
    }
    cases.append({"size": size, "wavelet": wavelet, "level": level, "bands": bands})

versions = {"pyradiomics": __version__, "pywavelets": pywt.__version__, "numpy": numpy.__version__}
json.dump({"versions": versions, "cases": cases}, sys.stdout, indent=1)
print()
