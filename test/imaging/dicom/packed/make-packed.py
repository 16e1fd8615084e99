"""Writes the packed slices of this folder: 32 x 32 pixels of 16 bits, value 7 r^2 + 13 c r + c (mod 4096) in row r, column c.

Made with pydicom 3.0.1, pylibjpeg-openjpeg 2.6.0, pyjpegls 1.5.1 and SimpleITK 2.5.7 (GDCM, for JPEG lossless).
"""
import sys

import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

rows, columns = np.mgrid[0:32, 0:32]
pixels = ((7 * rows * rows + 13 * columns * rows + columns) % 4096).astype(np.uint16)


def slice_of():
    image = sitk.GetImageFromArray(pixels[None])
    image.SetSpacing((0.5, 0.75, 3))
    for tag, value in {"0008|0060": "MR", "0008|0008": "ORIGINAL\\PRIMARY"}.items():
        image.SetMetaData(tag, value)
    return image


def closed(dataset):
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.4"
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.1"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.3", "1.2.3.4"
    dataset.FrameOfReferenceUID = "1.2.3.9"
    dataset.ImagePositionPatient = [-10, 20, 30]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing = [0.75, 0.5]
    dataset.SliceThickness = 3
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, -5
    for keyword in ("ContentDate", "ContentTime", "InstanceCreationDate", "InstanceCreationTime"):
        if keyword in dataset:
            del dataset[keyword]
    return dataset


writer = sitk.ImageFileWriter()
writer.SetImageIO("GDCMImageIO")
writer.KeepOriginalImageUIDOn()
writer.SetFileName("plain.tmp.dcm")
writer.Execute(slice_of())
for name, uid in {"j2k": JPEG2000Lossless, "jls": JPEGLSLossless, "rle": RLELossless}.items():
    dataset = closed(pydicom.dcmread("plain.tmp.dcm"))
    dataset.compress(uid, generate_instance_uid=False)
    dataset.save_as(f"{name}.dcm", enforce_file_format=True)
writer.UseCompressionOn()
writer.SetCompressor("JPEG")
writer.Execute(slice_of())
dataset = closed(pydicom.dcmread("plain.tmp.dcm"))
dataset.save_as("jll.dcm", enforce_file_format=True)
print(dataset.file_meta.TransferSyntaxUID.name, file=sys.stderr)
