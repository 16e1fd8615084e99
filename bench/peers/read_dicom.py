"""Reads a DICOM folder with one library, several times in one process; prints seconds and peak memory as JSON.

Usage: read_dicom.py simpleitk|pydicom|dcm2niix FOLDER REPEATS
"""
import glob
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

library, folder, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3])


def with_simpleitk():
    import SimpleITK as sitk

    sitk.ProcessObject.GlobalWarningDisplayOff()
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(folder))
    return [list(reader.Execute().GetSize())]


def with_pydicom():
    """As its documentation has it: sort by position, stack, rescale; phases by temporal position."""
    import numpy as np
    import pydicom

    phases = {}
    for path in glob.glob(os.path.join(folder, "*.dcm")):
        data = pydicom.dcmread(path)
        phases.setdefault(data.get("TemporalPositionIdentifier", 1), []).append(data)
    volumes = []
    for _, slices in sorted(phases.items()):
        slices.sort(key=lambda one: float(one.ImagePositionPatient[2]))
        stack = np.stack([one.pixel_array for one in slices]).astype(np.int16)
        volumes.append(stack * int(slices[0].RescaleSlope) + int(slices[0].RescaleIntercept))
    return [list(volume.shape[::-1]) for volume in volumes]


def with_dcm2niix():
    out = tempfile.mkdtemp()
    try:
        tool = os.path.join(os.path.dirname(sys.executable), "dcm2niix")
        command = [tool, "-z", "n", "-b", "n", "-o", out, folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return [[os.path.getsize(path)] for path in sorted(glob.glob(os.path.join(out, "*.nii")))]
    finally:
        shutil.rmtree(out)


read = {"simpleitk": with_simpleitk, "pydicom": with_pydicom, "dcm2niix": with_dcm2niix}[library]
who = resource.RUSAGE_CHILDREN if library == "dcm2niix" else resource.RUSAGE_SELF


def cpu():
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


seconds, cpus = [], []
for _ in range(repeats):
    began, before = time.perf_counter(), cpu()
    found = read()
    seconds.append(time.perf_counter() - began)
    cpus.append(cpu() - before)
megabytes = resource.getrusage(who).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "cpus": cpus, "megabytes": megabytes, "found": found}))
