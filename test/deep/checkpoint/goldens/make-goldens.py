"""Writes the checkpoints of this folder and what torch reads from them (expected.json).

python3 -m venv .venv && .venv/bin/pip install torch==2.13.0 numpy==2.4.6 safetensors==0.6.2 packaging
.venv/bin/python make-goldens.py
"""
import io
import json
import os
import zipfile
from collections import OrderedDict

import numpy
import safetensors
import safetensors.torch
import torch

torch.manual_seed(20)
here = os.path.dirname(os.path.abspath(__file__))
path = lambda name: os.path.join(here, name)


def plain():
    return OrderedDict(
        [
            ("module.conv1.weight", torch.randn(3, 1, 2, 2, 2)),
            ("module.bn1.weight", torch.rand(3) + 0.5),
            ("module.bn1.bias", torch.randn(3)),
            ("module.bn1.running_mean", torch.randn(3)),
            ("module.bn1.running_var", torch.rand(3) + 0.5),
            ("module.bn1.num_batches_tracked", torch.tensor(4321)),
        ]
    )


def awkward():
    """Views of one storage, permuted and spread strides, every real element type, a parameter, an empty tensor."""
    base = torch.randn(6, 4)
    return OrderedDict(
        [
            ("shared.whole", base),
            ("shared.rows", base[2:5]),
            ("shared.columns", base[:, 1:3]),
            ("permuted", torch.randn(2, 3, 4).permute(2, 0, 1)),
            ("every_second", torch.arange(10, dtype=torch.float32)[1::2]),
            ("stretched", torch.tensor([[1.5], [2.5]]).expand(2, 3)),
            ("channels_last", torch.randn(2, 3, 2, 2, 2).to(memory_format=torch.channels_last_3d)),
            ("parameter", torch.nn.Parameter(torch.randn(2, 2))),
            ("double", torch.randn(3, dtype=torch.float64)),
            ("half", torch.tensor([1.5, -65504.0, 6e-8, 0.000061, -0.0]).half()),
            ("bfloat16", torch.randn(5).bfloat16()),
            ("int64", torch.tensor([-3, 2**24], dtype=torch.int64)),
            ("int32", torch.tensor([-7, 7], dtype=torch.int32)),
            ("int16", torch.tensor([-300, 300], dtype=torch.int16)),
            ("int8", torch.tensor([-128, 127], dtype=torch.int8)),
            ("uint8", torch.tensor([0, 255], dtype=torch.uint8)),
            ("bool", torch.tensor([True, False])),
            ("empty", torch.zeros(0, 3)),
            ("scalar", torch.tensor(2.25)),
        ]
    )


def save(name, content, legacy, **options):
    torch.save(content, path(name), _use_new_zipfile_serialization=not legacy, **options)


def big_endian(source, target):
    """The same archive as a big-endian machine would write it (torch checks the record `byteorder`)."""
    loaded = torch.load(path(source), map_location="cpu", weights_only=True)
    widths = {}
    for tensor in loaded["state_dict"].values():
        widths[tensor.data_ptr()] = tensor.element_size()
    swapped = io.BytesIO()
    with zipfile.ZipFile(path(source)) as old, zipfile.ZipFile(swapped, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename.endswith("byteorder"):
                data = b"big"
            elif "/data/" in info.filename:
                width = 8 if len(data) == 8 else 4
                data = numpy.frombuffer(data, f"<u{width}").byteswap().tobytes()
            new.writestr(info.filename, data)
    with open(path(target), "wb") as file:
        file.write(swapped.getvalue())


def counted():
    """No random numbers: these files can be made again without changing the others."""
    return OrderedDict([("a.weight", torch.arange(6, dtype=torch.float32).reshape(2, 3)), ("n", torch.tensor(3))])


class Evil:
    def __reduce__(self):
        return (os.system, ("touch nacre-was-here",))


save("plain-legacy.pth", {"state_dict": plain()}, legacy=True)
save("plain-zip.pth", {"state_dict": plain(), "epoch": 7, "loss": 0.25}, legacy=False)
save("plain-protocol4-zip.pth", plain(), legacy=False, pickle_protocol=4)
save("awkward-legacy.pth", awkward(), legacy=True)
save("awkward-zip.pth", awkward(), legacy=False)
big_endian("plain-zip.pth", "plain-big-endian-zip.pth")
tensors = {key: tensor.contiguous().clone() for key, tensor in awkward().items()}
safetensors.torch.save_file(tensors, path("awkward.safetensors"), metadata={"format": "pt"})
save("evil-legacy.pth", {"state_dict": plain(), "extra": Evil()}, legacy=True)
save("evil-zip.pth", {"state_dict": plain(), "extra": Evil()}, legacy=False)
save("evil-protocol4-zip.pth", {"extra": Evil()}, legacy=False, pickle_protocol=4)
save("whole-module-legacy.pth", torch.nn.Linear(2, 1), legacy=True)
save("complex-zip.pth", {"weight": torch.zeros(2, dtype=torch.complex64)}, legacy=False)
save("protocol4-legacy.pth", counted(), legacy=True, pickle_protocol=4)
save("protocol5-legacy.pth", counted(), legacy=True, pickle_protocol=5)
save("protocol5-zip.pth", counted(), legacy=False, pickle_protocol=5)

expected = {
    "versions": {"torch": torch.__version__, "numpy": numpy.__version__, "safetensors": safetensors.__version__},
    "files": {},
}
for name in sorted(os.listdir(here)):
    if name.startswith(("plain", "awkward")):
        if name.endswith(".safetensors"):
            content = safetensors.torch.load_file(path(name))
        else:
            content = torch.load(path(name), map_location="cpu", weights_only="protocol4" not in name)
            content = content.get("state_dict", content)
        expected["files"][name] = {
            key.removeprefix("module."): {
                "shape": list(tensor.shape),
                "dtype": str(tensor.dtype).removeprefix("torch."),
                "values": tensor.detach().to(torch.float32).flatten().tolist(),
            }
            for key, tensor in content.items()
        }
with open(path("expected.json"), "w") as file:
    json.dump(expected, file, indent=1)
    file.write("\n")
