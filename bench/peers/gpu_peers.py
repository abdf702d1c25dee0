"""The work of bench/gpu in PyTorch on the same GPU: training steps, and LRP through autograd by the same rules. Needs torch alone.

Prints one line of JSON: {"description": "...", "milliseconds": {"gtzan training step, batch 64": 3.2, ...}}, the names being those of bench/gpu.
float32 without TF32, as Unweave computes. PyTorch is given what makes it fast: channels-last images if they are faster, cuDNN's search for the
fastest algorithm, the fused Adam, pinned memory.
"""
import argparse
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional

MODELS = {
    "gtzan": {"size": 128, "filters": [32, 32, 64, 64, 128], "dense": [128, 128, 10], "dropout": 0.5, "rate": 1e-3},
    "toy": {"size": 64, "filters": [8, 8, 16, 16, 16], "dense": [20, 20, 2], "dropout": 0.0, "rate": 1e-3},
}
STABILIZER = 1e-7
GAMMAS = [None, 0.4, 0.4, 0.2, 0.1]  # conv1 has the rule w^2


def build(settings):
    """The network of the thesis: five blocks of convolution, ReLU and pooling, then three dense layers."""
    layers, channels, size = [], 1, settings["size"]
    for filters in settings["filters"]:
        layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        channels, size = filters, size // 2
    layers.append(nn.Flatten())
    features = channels * size * size
    for index, units in enumerate(settings["dense"]):
        layers.append(nn.Linear(features, units))
        if index < len(settings["dense"]) - 1:
            layers.append(nn.ReLU())
            if settings["dropout"] > 0:
                layers.append(nn.Dropout(settings["dropout"]))
        features = units
    return nn.Sequential(*layers)


def stabilized(z):
    return z + STABILIZER * torch.where(z >= 0, 1.0, -1.0)


def affine(layer, x, weight, bias):
    if isinstance(layer, nn.Conv2d):
        return functional.conv2d(x, weight, bias, padding=layer.padding)
    return functional.linear(x, weight, bias)


def epsilon_rule(layer, x, relevance):
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        z = affine(layer, x, layer.weight, layer.bias)
    (gradient,) = torch.autograd.grad(z, x, relevance / stabilized(z.detach()))
    return x.detach() * gradient


def square_rule(layer, x, relevance):
    ones = torch.ones_like(x).requires_grad_()
    with torch.enable_grad():
        z = affine(layer, ones, layer.weight ** 2, layer.bias ** 2)
    (gradient,) = torch.autograd.grad(z, ones, relevance / stabilized(z.detach()))
    return gradient


def gamma_rule(layer, x, relevance, gamma):
    """The general rule: outputs above 0 favour positive contributions, outputs below 0 negative ones."""
    weight, bias = layer.weight, layer.bias
    positive, negative = x.detach().clamp(min=0).requires_grad_(), x.detach().clamp(max=0).requires_grad_()
    up, down = weight + gamma * weight.clamp(min=0), weight + gamma * weight.clamp(max=0)
    with torch.enable_grad():
        above = affine(layer, positive, up, bias + gamma * bias.clamp(min=0)) + affine(layer, negative, down, None)
        below = affine(layer, positive, down, bias + gamma * bias.clamp(max=0)) + affine(layer, negative, up, None)
    with torch.no_grad():
        z = affine(layer, x, weight, bias)
        to_above = torch.where(z > 0, relevance / stabilized(above), torch.zeros_like(z))
        to_below = torch.where(z < 0, relevance / stabilized(below), torch.zeros_like(z))
    gradients = torch.autograd.grad([above, below], [positive, negative], [to_above, to_below])
    return positive.detach() * gradients[0] + negative.detach() * gradients[1]


def make_function(layer, rule):
    """A step of autograd whose way back carries relevance instead of gradients."""

    class Step(torch.autograd.Function):
        @staticmethod
        def forward(context, x):
            context.save_for_backward(x)
            return affine(layer, x, layer.weight, layer.bias)

        @staticmethod
        def backward(context, relevance):
            return rule(layer, context.saved_tensors[0], relevance)

    return Step.apply


class PassingReLU(torch.autograd.Function):
    """ReLU that passes all relevance."""

    @staticmethod
    def forward(context, x):
        return x.clamp(min=0)

    @staticmethod
    def backward(context, relevance):
        return relevance


def explainer(model):
    """A function from inputs and classes to relevance; max-pooling and flattening pass it as autograd does."""
    steps, convolutions = [], 0
    for layer in model:
        if isinstance(layer, nn.Conv2d):
            gamma = GAMMAS[convolutions]
            rule = square_rule if gamma is None else (lambda l, x, r, g=gamma: gamma_rule(l, x, r, g))
            steps.append(make_function(layer, rule))
            convolutions += 1
        elif isinstance(layer, nn.Linear):
            steps.append(make_function(layer, epsilon_rule))
        elif isinstance(layer, nn.ReLU):
            steps.append(PassingReLU.apply)
        elif not isinstance(layer, nn.Dropout):
            steps.append(layer)

    def relevance(inputs, classes):
        x = inputs.detach().requires_grad_()
        y = x
        for step in steps:
            y = step(y)
        start = torch.zeros_like(y)
        start.scatter_(1, classes[:, None], y.detach().gather(1, classes[:, None]))
        return torch.autograd.grad(y, x, start)[0]

    return relevance


def median_milliseconds(run, runs, device):
    """The median of so many runs, after ten that do not count; a run ends when its result has arrived on the host."""
    times = []
    for index in range(-10, runs):
        begin = time.perf_counter()
        run()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        if index >= 0:
            times.append(1e3 * (time.perf_counter() - begin))
    return statistics.median(times)


def training_step(settings, batch, device, memory_format):
    model = build(settings).to(device, memory_format=memory_format).train()
    fused = {"fused": True} if device.type == "cuda" else {}
    optimizer = torch.optim.Adam(model.parameters(), lr=settings["rate"], **fused)
    inputs = torch.rand(batch, 1, settings["size"], settings["size"]) * 5 - 4
    inputs = inputs.pin_memory() if device.type == "cuda" else inputs
    labels = (torch.arange(batch) % settings["dense"][-1]).to(device)

    def step():
        x = inputs.to(device, memory_format=memory_format, non_blocking=True)
        optimizer.zero_grad(set_to_none=True)
        loss = functional.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def heatmaps(settings, count, device, memory_format):
    model = build(settings).to(device, memory_format=memory_format).eval()
    relevance = explainer(model)
    inputs = torch.rand(count, 1, settings["size"], settings["size"]) * 5 - 4
    classes = (torch.arange(count) % settings["dense"][-1]).to(device)

    def run():
        maps = relevance(inputs.to(device, memory_format=memory_format), classes)
        return maps.cpu()

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--model", choices=sorted(MODELS), default="gtzan", help="of the heatmaps")
    parser.add_argument("--trainings", nargs="+", default=["gtzan:64", "gtzan:16", "toy:16"], help="MODEL:BATCH of each training step")
    parser.add_argument("--heatmaps", type=int, default=64)
    parser.add_argument("--runs", type=int, default=30)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    device = torch.device(arguments.device)
    formats = [torch.contiguous_format, torch.channels_last]

    def fastest(make, name, size):
        return min(median_milliseconds(make(MODELS[name], size, device, layout), arguments.runs, device) for layout in formats)

    times = {}
    for name, batch in (training.split(":") for training in arguments.trainings):
        times[f"{name} training step, batch {batch}"] = fastest(training_step, name, int(batch))
    times[f"LRP, {arguments.model} composite, batch {arguments.heatmaps}"] = fastest(heatmaps, arguments.model, arguments.heatmaps)
    where = torch.cuda.get_device_name(device) if device.type == "cuda" else "the processor"
    cudnn = f", cuDNN {torch.backends.cudnn.version()}" if device.type == "cuda" else ""
    print(json.dumps({"description": f"PyTorch {torch.__version__}{cudnn} on {where}", "milliseconds": times}))


if __name__ == "__main__":
    main()
