"""Golden of local-binary-pattern-2d.test.ts: scikit-image's patterns, slice by slice as PyRadiomics calls it (imageoperations.py,
getLBP2DImage).

    python local-binary-pattern-2d.py > ../../goldens/local-binary-pattern-2d.json     (scikit-image 0.24.0, NumPy 1.26.4)
"""
import json
import warnings

import numpy as np
import skimage
from skimage.feature import local_binary_pattern

warnings.simplefilter("ignore")
SIZE = (7, 6, 5)  # x, y, z


def volume():
    values, state = [], 12345
    for _ in range(SIZE[0] * SIZE[1] * SIZE[2]):
        state = (state * 1103515245 + 12345) % 2147483648
        values.append(state % 9)
    return np.array(values, np.int16).reshape(SIZE[::-1])


cases = []
for kind in ("int16", "float32", "float64"):
    for method in ("default", "ror", "uniform", "var"):
        if kind == "int16" and method == "var":
            continue  # NaN has no whole number
        for axis in (0, 1, 2):
            for radius, samples in ((1, 8), (2, 12), (1.5, 9)):
                image = volume().astype(kind)
                if kind != "int16":
                    image = (image * np.float32(0.37)).astype(kind)
                turned = image.swapaxes(0, axis)
                for at in range(turned.shape[0]):
                    turned[at] = local_binary_pattern(turned[at], P=samples, R=radius, method=method)
                values = [None if np.isnan(x) else float(x) for x in image.ravel()]
                cases.append(
                    {"kind": kind, "method": method, "axis": axis, "radius": radius, "samples": samples, "values": values}
                )
print(json.dumps({"skimage": skimage.__version__, "size": SIZE, "cases": cases}))
