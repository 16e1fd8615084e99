"""PyWavelets' transforms of a small made volume, for test/radiomics/filters/wavelet-peers.test.ts.

    python wavelets_reference.py > test/goldens/wavelets.json     (PyWavelets 1.9.0, NumPy 1.26.4)

Every discrete wavelet: of each sub-band the weighted sum Σ w(i) x(i), w(i) = cos(i) over voxels in x-fastest order, which any
voxel that is off, exchanged or shifted would change. `undecimated`: swtn; `decimated`: dwtn in one of four modes in turn. Of bior2.2
every coefficient as well.
"""
import json

import numpy as np
import pywt

SIZE = (8, 6, 10)  # x, y, z
MODES = ("symmetric", "periodic", "zero", "constant")


def volume():
    """Array [x, y, z]: whole numbers of a linear congruence, the same in TypeScript."""
    values, state = [], 12345
    for _ in range(SIZE[0] * SIZE[1] * SIZE[2]):
        state = (state * 1103515245 + 12345) % 2147483648
        values.append(state % 1000)
    return np.array(values, float).reshape(SIZE, order="F")


def flat(band):
    return band.ravel(order="F")


def letters(key):
    return key.replace("a", "L").replace("d", "H")


def weighed(bands):
    return {
        letters(key): float(np.dot(flat(x), np.cos(np.arange(x.size))))
        for key, x in bands.items()
    }


image = volume()
wavelets = {}
for at, name in enumerate(pywt.wavelist(kind="discrete")):
    mode = MODES[at % len(MODES)]
    wavelets[name] = {
        "undecimated": weighed(pywt.swtn(image, name, level=1)[0]),
        "mode": mode,
        "decimated": weighed(pywt.dwtn(image, name, mode=mode)),
    }
whole = {}
for name in ("bior2.2",):
    whole[name] = {
        "undecimated": {letters(k): flat(x).tolist() for k, x in pywt.swtn(image, name, level=1)[0].items()},
        "decimated": {letters(k): flat(x).tolist() for k, x in pywt.dwtn(image, name, mode="symmetric").items()},
    }
print(json.dumps({"pywavelets": pywt.__version__, "wavelets": wavelets, "whole": whole}))
