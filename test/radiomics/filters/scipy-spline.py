"""Prints test/goldens/scipy-spline.json: cubic splines of a small image by scipy, to the last bit.

Run with numpy 1.26.4, scipy 1.11.4:
    python scipy-spline.py > ../../goldens/scipy-spline.json
"""

import json

import numpy
from scipy import ndimage

NX, NY, NZ = 6, 5, 4
at = numpy.arange(NX * NY * NZ)
image = ((at * 37) % 11 / 7).reshape(NZ, NY, NX)
points = [(k + dk, j + dj, 2 + di) for k in (0, 1) for j in (1, 2) for dk, dj, di in ((0, 0, 0), (1, 0, 0), (0.3, 0.6, 0.9), (0, 0, 3.5))]
print(
    json.dumps(
        {
            "coefficients": ndimage.spline_filter(image, 3, output=numpy.float64, mode="constant").ravel().tolist(),
            "points": points,
            "values": ndimage.map_coordinates(image, numpy.array(points).T, order=3).tolist(),
        }
    )
)
