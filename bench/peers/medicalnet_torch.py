"""The four networks in PyTorch, written from the paper (Chen 2019, arXiv:1904.00625; He 2016) and the description of
MedicalNet's release, as the reference of `npm run parity` and `npm run bench -- deep`.

A worker: reads one JSON request a line from standard input, writes one JSON answer a line to standard output.
Volumes and features travel as raw little-endian float32 files.
"""

import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from serve import serve

BLOCKS = {"resnet10": [1, 1, 1, 1], "resnet18": [2, 2, 2, 2], "resnet34": [3, 4, 6, 3], "resnet50": [3, 4, 6, 3]}
SHORTCUT = {"resnet10": "B", "resnet18": "A", "resnet34": "A", "resnet50": "B"}
PLANES = [64, 128, 256, 512]
STRIDES = {"medicalnet": [1, 2, 1, 1], "monai": [1, 2, 2, 2]}
DILATIONS = {"medicalnet": [1, 1, 2, 4], "monai": [1, 1, 1, 1]}


class SubsampleAndPad(nn.Module):
    """Shortcut A: strided average pooling of kernel 1, further channels zero."""

    def __init__(self, planes, stride):
        super().__init__()
        self.planes, self.stride = planes, stride

    def forward(self, x):
        x = F.avg_pool3d(x, kernel_size=1, stride=self.stride)
        missing = torch.zeros(x.shape[0], self.planes - x.shape[1], *x.shape[2:], dtype=x.dtype)
        return torch.cat([x, missing], dim=1)


def shortcut(kind, inputs, outputs, stride):
    if stride == 1 and inputs == outputs:
        return None
    if kind == "A":
        return SubsampleAndPad(outputs, stride)
    return nn.Sequential(nn.Conv3d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm3d(outputs))


class Basic(nn.Module):
    expansion = 1

    def __init__(self, inputs, planes, stride, dilation, kind):
        super().__init__()
        self.conv1 = nn.Conv3d(inputs, planes, 3, stride, dilation, dilation, bias=False)
        self.bn1 = nn.BatchNorm3d(planes)
        self.conv2 = nn.Conv3d(planes, planes, 3, 1, dilation, dilation, bias=False)
        self.bn2 = nn.BatchNorm3d(planes)
        self.downsample = shortcut(kind, inputs, planes, stride)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs, planes, stride, dilation, kind):
        super().__init__()
        self.conv1 = nn.Conv3d(inputs, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm3d(planes)
        self.conv2 = nn.Conv3d(planes, planes, 3, stride, dilation, dilation, bias=False)
        self.bn2 = nn.BatchNorm3d(planes)
        self.conv3 = nn.Conv3d(planes, 4 * planes, 1, bias=False)
        self.bn3 = nn.BatchNorm3d(4 * planes)
        self.downsample = shortcut(kind, inputs, 4 * planes, stride)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, name, variant):
        super().__init__()
        block = Bottleneck if name == "resnet50" else Basic
        self.conv1 = nn.Conv3d(1, 64, 7, 2 if variant == "medicalnet" else 1, 3, bias=False)
        self.bn1 = nn.BatchNorm3d(64)
        inputs = 64
        for i, planes in enumerate(PLANES):
            layer = []
            for b in range(BLOCKS[name][i]):
                stride = STRIDES[variant][i] if b == 0 else 1
                layer.append(block(inputs, planes, stride, DILATIONS[variant][i], SHORTCUT[name]))
                inputs = planes * block.expansion
            setattr(self, f"layer{i + 1}", nn.Sequential(*layer))

    def forward(self, x):
        x = F.max_pool3d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        pooled = []
        for i in range(4):
            x = getattr(self, f"layer{i + 1}")(x)
            pooled.append(x.mean(dim=(2, 3, 4)))
        return pooled


def make(network, seed, legacy, zipped):
    """A checkpoint as DataParallel saves one, batch normalisation far from its initial state."""
    torch.manual_seed(seed)
    net = ResNet(network, "medicalnet")
    for module in net.modules():
        if isinstance(module, nn.Conv3d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.BatchNorm3d):
            module.weight.data.uniform_(0.3, 1.2)
            module.bias.data.normal_(0, 0.3)
            module.running_mean.normal_(0, 0.5)
            module.running_var.uniform_(0.2, 3)
            module.num_batches_tracked.fill_(12345)
    state = {"state_dict": type(net.state_dict())((f"module.{k}", v) for k, v in net.state_dict().items())}
    torch.save(state, legacy, _use_new_zipfile_serialization=False)
    torch.save(state, zipped)
    return {
        "keys": {k: list(v.shape) for k, v in net.state_dict().items()},
        "parameters": sum(p.numel() for p in net.parameters()),
        "statistics": sum(v.numel() for k, v in net.state_dict().items() if "running" in k),
    }


networks = {}


def load(network, variant, checkpoint):
    key = (network, variant, checkpoint)
    if key not in networks:
        networks.clear()
        net = ResNet(network, variant)
        state = torch.load(checkpoint, weights_only=True, map_location="cpu")["state_dict"]
        net.load_state_dict({k.removeprefix("module."): v for k, v in state.items()}, strict=True)
        networks[key] = net.eval()
    return networks[key]


def features(network, variant, checkpoint, volume, shape, output):
    net = load(network, variant, checkpoint)
    x = torch.from_numpy(np.fromfile(volume, "<f4").reshape(shape))
    with torch.inference_mode():
        pooled = net(x)
    np.concatenate([p.numpy().ravel() for p in pooled]).astype("<f4").tofile(output)
    return {"shapes": [list(p.shape) for p in pooled]}


def timed(network, variant, checkpoint, shape, threads, passes, layout):
    """Milliseconds of each pass over noise, by the clock and of all threads' work, in one of torch's memory formats."""
    assert torch.backends.mkldnn.is_available() and torch.backends.mkldnn.enabled, "oneDNN is off"
    torch.set_num_threads(threads)
    memory = getattr(torch, layout)
    net = load(network, variant, checkpoint).to(memory_format=memory)
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1)).to(memory_format=memory)
    ms, cpu = [], []
    with torch.inference_mode():
        for _ in range(passes):
            start, worked = time.perf_counter(), time.process_time()
            net(x)
            ms.append(1e3 * (time.perf_counter() - start))
            cpu.append(1e3 * (time.process_time() - worked))
    return {"ms": ms, "cpu": cpu}


def product(n, threads, passes):
    """Milliseconds of an n × n × n matrix product."""
    torch.set_num_threads(threads)
    a = torch.randn(n, n)
    out = []
    for _ in range(passes):
        start = time.perf_counter()
        a @ a
        out.append(1e3 * (time.perf_counter() - start))
    return {"ms": out}


def check(model):
    """onnx.checker with shape inference on a model file."""
    import onnx

    loaded = onnx.load(model)
    onnx.checker.check_model(loaded, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(loaded, check_type=True, strict_mode=True, data_prop=True)
    known = {v.name: v for v in list(inferred.graph.value_info) + list(inferred.graph.output)}
    made = [o for node in inferred.graph.node for o in node.output]

    def dims(name):
        return [d.dim_value or d.dim_param or None for d in known[name].type.tensor_type.shape.dim]

    return {
        "opset": loaded.opset_import[0].version,
        "ir": loaded.ir_version,
        "nodes": len(made),
        "without_shape": [o for o in made if o not in known or not known[o].type.tensor_type.HasField("shape")],
        "inputs": {i.name: [d.dim_value or d.dim_param for d in i.type.tensor_type.shape.dim] for i in loaded.graph.input},
        "outputs": {o.name: dims(o.name) for o in loaded.graph.output},
        "metadata": {p.key: p.value for p in loaded.metadata_props},
    }


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    serve({"make": make, "features": features, "timed": timed, "product": product, "check": check})
