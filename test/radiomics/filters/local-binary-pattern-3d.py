"""Prints test/goldens/local-binary-pattern-3d.json: PyRadiomics' own getLBP3DImage on a small image of whole numbers.

Run with pyradiomics 3.0.1, SimpleITK 2.5, numpy 1.26.4, scipy 1.11.4, trimesh 4.4.9:
    python local-binary-pattern-3d.py > ../../goldens/local-binary-pattern-3d.json
"""

import json
import sys

import numpy
import scipy
import SimpleITK as sitk
import trimesh
from radiomics import __version__, imageoperations

NX, NY, NZ = 9, 8, 7
at = numpy.arange(NX * NY * NZ)
i, j, k = at % NX, at // NX % NY, at // (NX * NY)
values = (i * 37 + j * 53 + k * 71 + i * j * k * 5) % 113 - 40
# The region reaches the border in i (samples beyond it are 0).
inside = ((i - 6) ** 2 + (j - 4) ** 2 + (k - 3) ** 2 <= 7).astype(numpy.uint8)


def image_of(array):
    return sitk.GetImageFromArray(array.reshape(NZ, NY, NX))


cases = []
for kind in ("int16", "float64"):
    for levels, radius, subdivision in ((2, 1, 1), (3, 1.5, 1), (2, 1, 0)):
        # Without the root the doubles are equal along whole rows, and the last bit of a sample decides "at or above".
        array = values.astype(kind) if kind == "int16" else values / 7 + numpy.sqrt(at)
        images = imageoperations.getLBP3DImage(
            image_of(array),
            image_of(inside),
            lbp3DLevels=levels,
            lbp3DIcosphereRadius=radius,
            lbp3DIcosphereSubdivision=subdivision,
        )
        # PyRadiomics reuses one array: take each image's voxels before the next is made.
        maps = {name: sitk.GetArrayFromImage(im).ravel()[inside == 1].tolist() for im, name, _ in images}
        cases.append({"type": kind, "levels": levels, "radius": radius, "subdivision": subdivision, "maps": maps})

json.dump(
    {
        "versions": {
            "pyradiomics": __version__,
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "trimesh": trimesh.__version__,
        },
        "cases": cases,
    },
    sys.stdout,
    indent=1,
)
print()
