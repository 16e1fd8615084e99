"""Networks of MONAI with random weights, as the reference of `npm run parity -- encoders`.

A worker: reads one JSON request a line from standard input, writes one JSON answer a line to standard output.
Volumes and features travel as raw little-endian float32 files.
"""

import warnings

import numpy as np
import torch
from torch import nn
from serve import serve

warnings.filterwarnings("ignore")


def randomised(net, seed):
    """Weights that keep the image alive, batch normalisation far from its initial state."""
    generator = torch.Generator().manual_seed(seed)
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Conv3d)):
            fan_in = module.weight[0].numel()
            module.weight.data.normal_(0, (2 / fan_in) ** 0.5, generator=generator)
            if module.bias is not None:
                module.bias.data.normal_(0, 0.5, generator=generator)
        elif isinstance(module, (nn.BatchNorm2d, nn.BatchNorm3d)):
            module.weight.data.uniform_(0.5, 1.2, generator=generator)
            module.bias.data.normal_(0, 0.3, generator=generator)
            module.running_mean.normal_(0, 0.5, generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
    return net.eval()


def resnet(depth, shortcut, bias, widen=1.0, stride=1, head=False, channels=1):
    from monai.networks import nets

    return getattr(nets, f"resnet{depth}")(
        spatial_dims=3,
        n_input_channels=channels,
        conv1_t_stride=stride,
        shortcut_type=shortcut,
        bias_downsample=bias,
        widen_factor=widen,
        feed_forward=head,
    )


def checkpoint(seed, output, volume, shape, features, prefix="", **options):
    """A checkpoint of MONAI's ResNet, and what the network gives for a volume."""
    net = randomised(resnet(**options), seed)
    state = {f"{prefix}{key}": value for key, value in net.state_dict().items()}
    torch.save({"state_dict": state}, output)
    if hasattr(net, "fc") and net.fc is not None:
        net.fc = None
    write(net, volume, shape, features)
    return {"parameters": sum(p.numel() for p in net.parameters())}


class Pooled(nn.Module):
    """The map of an encoder, or its mean over space."""

    def __init__(self, encode, pooled):
        super().__init__()
        self.encode, self.pooled = encode, pooled

    def forward(self, x):
        y = self.encode(x)
        return y.mean(dim=tuple(range(2, y.ndim))) if self.pooled and y.ndim > 2 else y


class SegResNetEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        from monai.networks.nets import SegResNet

        self.net = SegResNet(spatial_dims=3, in_channels=1, init_filters=8)

    def forward(self, x):
        return self.net.encode(x)[0]


class SwinEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        from monai.networks.nets import SwinUNETR

        self.net = SwinUNETR(in_channels=1, out_channels=2, feature_size=12).swinViT

    def forward(self, x):
        return self.net(x, True)[4]


def dense():
    from monai.networks.nets import DenseNet121

    return DenseNet121(spatial_dims=3, in_channels=1, out_channels=2).features


def flat():
    from monai.networks.nets import resnet18

    return resnet18(spatial_dims=2, n_input_channels=3, conv1_t_stride=2, feed_forward=False)


encoders = {"DenseNet121": dense, "SegResNet": SegResNetEncoder, "SwinUNETR": SwinEncoder, "ResNet18 2D": flat}


def export(kind, seed, output, volume, shape, features, pooled=False):
    """An encoder as ONNX, and what it gives for a volume, pooled over space."""
    torch.manual_seed(seed)
    net = randomised(encoders[kind](), seed)
    wrapped = Pooled(net, pooled).eval()
    example = torch.zeros(shape if kind != "ResNet18 2D" else [2, *shape[1:]])
    arguments = {} if kind == "SwinUNETR" else {"dynamic_axes": {"image": {0: "batch"}, "features": {0: "batch"}}}
    torch.onnx.export(
        wrapped, (example,), output, input_names=["image"], output_names=["features"], dynamo=False, opset_version=18, **arguments
    )
    x = torch.from_numpy(np.fromfile(volume, "<f4").reshape(shape))
    with torch.inference_mode():
        y = wrapped(x)
        if y.ndim > 2:
            y = y.mean(dim=tuple(range(2, y.ndim)))
    y.numpy().astype("<f4").tofile(features)
    return {"shape": list(y.shape)}


def write(net, volume, shape, features):
    x = torch.from_numpy(np.fromfile(volume, "<f4").reshape(shape))
    with torch.inference_mode():
        net(x).numpy().astype("<f4").tofile(features)


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)
    serve({"checkpoint": checkpoint, "export": export})
