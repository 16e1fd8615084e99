"""Counts the voxels that each library gets wrong on irregular DICOM series.

Usage: irregular_dicom.py ROOT NACRE. ROOT holds a folder for each series; NACRE a folder of the same name with the NIfTI
that nacre made of it, empty where nacre refused it.

A voxel is right where a library's volume has its value at its position, as the file gives both: position and orientation
of the slice, rescaled value. Of several volumes the one that fits a phase best counts.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile
import warnings

import nibabel
import numpy as np
import pydicom
import SimpleITK as sitk

warnings.simplefilter("ignore")
sitk.ProcessObject.GlobalWarningDisplayOff()
root, nacre = sys.argv[1], sys.argv[2]


def truth(folder):
    """By phase: slices as (affine from column and row to LPS mm, values)."""
    phases = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.dcm"))):
        data = pydicom.dcmread(path)
        orientation = np.array(data.ImageOrientationPatient, float)
        row_mm, column_mm = map(float, data.PixelSpacing)
        affine = np.stack(
            [orientation[:3] * column_mm, orientation[3:] * row_mm,
             np.array(data.ImagePositionPatient, float)], axis=1)
        values = data.pixel_array.astype(float) * float(data.RescaleSlope)
        values += float(data.RescaleIntercept)
        phases.setdefault(data.get("TemporalPositionIdentifier", 1), []).append((affine, values))
    return [slices for _, slices in sorted(phases.items())]


def wrong(slices, volume):
    """Voxels of the slices that a volume (values [i, j, k], affine to LPS mm) lacks or has elsewhere."""
    values, affine = volume
    inverse = np.linalg.inv(affine)
    count = 0
    for plane, expected in slices:
        rows, columns = np.mgrid[0:expected.shape[0], 0:expected.shape[1]]
        pixel = np.stack([columns.ravel(), rows.ravel(), np.ones(rows.size)])
        point = np.vstack([plane @ pixel, np.ones(rows.size)])
        index = inverse @ point
        nearest = np.rint(index[:3]).astype(int)
        inside = np.all((nearest >= 0) & (nearest.T < values.shape).T, axis=0)
        # More than a quarter of a voxel off is elsewhere.
        inside &= np.all(np.abs(index[:3] - nearest) < 0.25, axis=0)
        found = np.full(rows.size, np.nan)
        found[inside] = values[tuple(nearest[:, inside])]
        count += int((found != expected.ravel()).sum())
    return count


def from_nifti(folder):
    out = []
    for path in sorted(glob.glob(os.path.join(folder, "*.nii*"))):
        image = nibabel.load(path)
        affine = np.diag([-1, -1, 1, 1]) @ image.affine
        values = np.asarray(image.dataobj, dtype=float)
        out += [(values[..., t], affine) for t in range(values.shape[3])] if values.ndim == 4 else [(values, affine)]
    return out


def with_simpleitk(folder):
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(folder))
    image = reader.Execute()
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) @ np.diag(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return [(sitk.GetArrayFromImage(image).transpose(2, 1, 0).astype(float), affine)]


def with_pydicom(folder):
    """As most scripts have it: sorted by z, distance from the first two slices, phases by temporal position."""
    phases = {}
    for path in glob.glob(os.path.join(folder, "*.dcm")):
        data = pydicom.dcmread(path)
        phases.setdefault(data.get("TemporalPositionIdentifier", 1), []).append(data)
    out = []
    for _, slices in sorted(phases.items()):
        slices.sort(key=lambda one: float(one.ImagePositionPatient[2]))
        values = np.stack([one.pixel_array.T for one in slices], axis=2).astype(float)
        values = values * float(slices[0].RescaleSlope) + float(slices[0].RescaleIntercept)
        affine = np.eye(4)
        row_mm, column_mm = map(float, slices[0].PixelSpacing)
        gap = float(slices[1].ImagePositionPatient[2]) - float(slices[0].ImagePositionPatient[2])
        orientation = np.array(slices[0].ImageOrientationPatient, float)
        affine[:3, 0] = orientation[:3] * column_mm
        affine[:3, 1] = orientation[3:] * row_mm
        affine[:3, 2] = np.cross(orientation[:3], orientation[3:]) * gap
        affine[:3, 3] = np.array(slices[0].ImagePositionPatient, float)
        out.append((values, affine))
    return out


def with_dcm2niix(folder):
    with tempfile.TemporaryDirectory() as out:
        tool = os.path.join(os.path.dirname(sys.executable), "dcm2niix")
        command = [tool, "-z", "n", "-b", "n", "-o", out, folder]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return from_nifti(out)


libraries = {"SimpleITK": with_simpleitk, "pydicom + numpy": with_pydicom, "dcm2niix": with_dcm2niix}
report = []
for name in sorted(os.listdir(root)):
    folder = os.path.join(root, name)
    phases = truth(folder)
    total = sum(values.size for slices in phases for _, values in slices)
    results = {"nacre": from_nifti(os.path.join(nacre, name))}
    for library, read in libraries.items():
        try:
            results[library] = read(folder)
        except Exception as error:
            results[library] = []
    line = {"series": name, "voxels": total}
    for library, volumes in results.items():
        if not volumes:
            line[library] = "refused"
            continue
        line[library] = sum(min(wrong(slices, one) for one in volumes) for slices in phases)
        line[f"{library} volumes"] = [list(values.shape) for values, _ in volumes]
    report.append(line)
print(json.dumps(report))
