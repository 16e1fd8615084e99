"""Reads a DICOM segmentation with pydicom alone and with highdicom; prints what each finds, as JSON.

Usage: read_segmentation.py SEG. For each reader and segment: label, voxels, and for each slice with a voxel its
position and the flat indices of its voxels, hashed.
"""
import hashlib
import json
import sys
import warnings

import highdicom
import numpy as np
import pydicom

warnings.simplefilter("error")


def digest(slices):
    """Hash of the positions and masks of the slices that hold a voxel, by position; the shift avoids ties in rounding."""
    found = hashlib.sha256()
    for position, mask in sorted(slices, key=lambda one: one[0]):
        indices = np.flatnonzero(mask)
        if len(indices) == 0:
            continue
        found.update(",".join(f"{x + 1e-4 / 3:.3f}" for x in position).replace("-0.000", "0.000").encode())
        found.update(b":" + ",".join(map(str, indices)).encode() + b"\n")
    return found.hexdigest()


def with_pydicom(path):
    data = pydicom.dcmread(path)
    frames = data.pixel_array.reshape(-1, data.Rows, data.Columns)
    out = []
    for segment in data.SegmentSequence:
        slices = []
        for groups, frame in zip(data.PerFrameFunctionalGroupsSequence, frames):
            number = groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber
            if number == segment.SegmentNumber:
                position = groups.PlanePositionSequence[0].ImagePositionPatient
                slices.append((tuple(map(float, position)), frame))
        voxels = int(sum(mask.sum() for _, mask in slices))
        out.append({"label": segment.SegmentLabel, "voxels": voxels, "digest": digest(slices)})
    return out


def with_highdicom(path):
    data = highdicom.seg.segread(path)
    out = []
    for number in data.segment_numbers:
        volume = data.get_volume(segment_numbers=[number], combine_segments=True, relabel=True)
        slices = []
        for k in range(volume.array.shape[0]):
            position = volume.affine @ np.array([k, 0, 0, 1])
            slices.append((tuple(position[:3]), volume.array[k]))
        label = data.get_segment_description(number).segment_label
        voxels = int((volume.array > 0).sum())
        out.append({"label": label, "voxels": voxels, "digest": digest(slices)})
    return out


print(json.dumps({"pydicom": with_pydicom(sys.argv[1]), "highdicom": with_highdicom(sys.argv[1])}))
