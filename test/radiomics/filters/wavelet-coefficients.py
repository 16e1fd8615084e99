"""Prints the tables of src/radiomics/filters/wavelet-*.ts (PyWavelets 1.9.0: pip install pywavelets==1.9.0).

    python wavelet-coefficients.py orthogonal     wavelet-coefficients.ts (without its head)
    python wavelet-coefficients.py daubechies     wavelet-long-daubechies.ts
    python wavelet-coefficients.py coiflets       wavelet-long-coiflets.ts
    python wavelet-coefficients.py biorthogonal   wavelet-biorthogonal.ts: [decomposition, reconstruction] low-pass
"""
import sys

import pywt


def taps(values):
    return ", ".join(repr(float(x)).replace("0.7071067811865476", "Math.SQRT1_2") for x in values)


which = sys.argv[1]
orthogonal = {
    "orthogonal": (("db", range(1, 21)), ("sym", range(2, 21)), ("coif", range(1, 6))),
    "daubechies": (("db", range(21, 39)),),
    "coiflets": (("coif", range(6, 18)),),
}
for family, orders in orthogonal.get(which, ()):
    for n in orders:
        print(f"  {family}{n}: [{taps(pywt.Wavelet(f'{family}{n}').rec_lo)}],")
if which == "coiflets":
    print(f"  dmey: [{taps(pywt.Wavelet('dmey').rec_lo)}],")
if which == "biorthogonal":
    for name in pywt.wavelist("bior"):
        wavelet = pywt.Wavelet(name)
        print(f"  '{name}': [[{taps(wavelet.dec_lo)}], [{taps(wavelet.rec_lo)}]],")
