"""Makes test/goldens/shape-2d.json: 2D shape of three made masks, one across each axis, by PyRadiomics' own class.

Run with the Python of a virtual environment that has PyRadiomics (bench/peers/requirements-pyradiomics.txt):
    python test/radiomics/classes/shape-2d.py > test/goldens/shape-2d.json
The masks are made by the same rule as in shape-2d.test.ts: pixel (u, v) is inside where (7 u u + 5 v v + 3 u v) mod 11
is below 5, which gives holes, corners that touch and separate pieces.
"""

import importlib.metadata
import json

import numpy
import SimpleITK
from radiomics.shape2D import RadiomicsShape2D

spacing = (0.7, 1.3, 2.9)
sizes = {0: (17, 12, 1), 1: (17, 1, 12), 2: (1, 17, 12)}


def features(dimension):
    size = sizes[dimension]
    u, v = [axis for axis in range(3) if size[axis] > 1]
    inside = numpy.zeros(size[::-1], dtype=numpy.uint8)
    for index in numpy.ndindex(size):
        a, b = index[u], index[v]
        inside[index[::-1]] = (7 * a * a + 5 * b * b + 3 * a * b) % 11 < 5
    mask = SimpleITK.GetImageFromArray(inside)
    mask.SetSpacing(spacing)
    image = SimpleITK.Cast(mask, SimpleITK.sitkFloat64)
    one = RadiomicsShape2D(image, mask, force2D=True, force2Ddimension=dimension, label=1)
    one.enableAllFeatures()
    found = {name: float(value) for name, value in one.execute().items()}
    found["SphericalDisproportion"] = float(one.getSphericalDisproportionFeatureValue())
    return {"force2Ddimension": dimension, "size": size, "spacing": spacing, "features": found}


print(
    json.dumps(
        {
            "versions": {name: importlib.metadata.version(name) for name in ["pyradiomics", "SimpleITK", "numpy"]},
            "cases": [features(dimension) for dimension in sizes],
        },
        indent=2,
    )
)
