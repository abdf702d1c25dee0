"""Exports torchvision's networks to ONNX, for OnnxRuntimeTest: export_networks.py FOLDER [NAME ...].

Needs Debian's python3-torch and python3-torchvision alone. The weights are random but seeded, the batch norms have statistics as training leaves
them, and the images are small: what is compared is arithmetic, not knowledge. Writes NAME.onnx and NAME-input.npy, NAME-torch.npy for each network.
"""
import sys
import warnings
from pathlib import Path

import numpy
import torch
import torchvision
from torch import nn

warnings.filterwarnings("ignore")

SIZES = {
    "mobilenet_v2": 64,
    "mobilenet_v3_small": 64,
    "densenet121": 64,
    "shufflenet_v2_x0_5": 64,
    "squeezenet1_1": 64,
    "efficientnet_b0": 64,
    "resnet18": 64,
    "vgg11_bn": 64,
}
OPSET = 13
CLASSES = 10


def network(name):
    """A network of torchvision with one input channel and ten classes."""
    torch.manual_seed(19)
    built = getattr(torchvision.models, name)(weights=None, num_classes=CLASSES)
    first_name, first = next((n, m) for n, m in built.named_modules() if isinstance(m, nn.Conv2d))
    mono = nn.Conv2d(1, first.out_channels, first.kernel_size, first.stride, first.padding, bias=first.bias is not None)
    owner, _, attribute = first_name.rpartition(".")
    setattr(built.get_submodule(owner), attribute, mono)
    if name.startswith("vgg"):
        # Its 7 x 7 places before the dense layers need images of 224 pixels, and half a gigabyte; one place does for us.
        built.avgpool = nn.AdaptiveAvgPool2d(1)
        built.classifier[0] = nn.Linear(512, 4096)
    return built


def settle(built, images):
    """Gives batch norms the statistics of some noise, and scales and shifts that differ from channel to channel."""
    for module in built.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.2)
            module.momentum = None  # the mean over the batches
    built.train()
    with torch.no_grad():
        for _ in range(2):
            built(torch.randn_like(images))
    built.eval()


def export(folder, name):
    size = SIZES[name]
    built = network(name)
    settle(built, torch.randn(8, 1, size, size))
    image = torch.randn(1, 1, size, size)
    with torch.no_grad():
        logits = built(image)
    numpy.save(folder / f"{name}-input.npy", image.numpy())
    numpy.save(folder / f"{name}-torch.npy", logits.numpy())
    torch.onnx.export(
        built,
        image,
        str(folder / f"{name}.onnx"),
        opset_version=OPSET,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}},
    )
    print(f"{name}.onnx: {(folder / f'{name}.onnx').stat().st_size >> 10} KiB, logits up to {logits.abs().max():.3f}")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for chosen in sys.argv[2:] or SIZES:
        export(target, chosen)
