"""Prints the table of src/radiomics/filters/wavelet-coefficients.ts (PyWavelets 1.9.0: pip install pywavelets==1.9.0)."""
import pywt

for family, orders in (("db", range(1, 21)), ("sym", range(2, 21)), ("coif", range(1, 6))):
    for n in orders:
        taps = ", ".join(repr(float(x)) for x in pywt.Wavelet(f"{family}{n}").rec_lo)
        print(f"  {family}{n}: [{taps}],")
