"""The methods of explain.js in PyTorch: prints the milliseconds of each as JSON.

    python3 explain_torch.py [IMAGES] [THREADS]
"""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

count, threads = (int(sys.argv[i]) if len(sys.argv) > i else n for i, n in ((1, 64), (2, 2)))
torch.set_num_threads(threads)
torch.manual_seed(0)
TARGET = 3


class GuidedReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, dy):
        (x,) = ctx.saved_tensors
        return dy.clamp(min=0) * (x > 0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [3, 32, 32, 64, 64, 128, 128]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(widths, widths[1:]))
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in widths[1:])
        self.fc1, self.bn, self.fc2 = nn.Linear(2048, 256), nn.BatchNorm1d(256), nn.Linear(256, 10)
        self.rectify = F.relu

    def features(self, x):
        """The output of the last rectified convolution."""
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms)):
            x = self.rectify(norm(conv(x)))
            if i % 2 and i < 5:
                x = F.max_pool2d(x, 2)
        return x

    def head(self, x):
        x = F.max_pool2d(x, 2).flatten(1)
        return self.fc2(self.rectify(self.bn(self.fc1(x))))

    def forward(self, x):
        return self.head(self.features(x))


net = Net().eval()
for parameter in net.parameters():
    parameter.requires_grad_(False)
images = torch.rand(count, 3, 32, 32)


def gradient(x):
    x = x.detach().requires_grad_(True)
    return torch.autograd.grad(net(x)[:, TARGET].sum(), x)[0]


def grad_cam():
    with torch.no_grad():
        maps = net.features(images)
    maps.requires_grad_(True)
    weights = torch.autograd.grad(net.head(maps)[:, TARGET].sum(), maps)[0].mean((2, 3), keepdim=True)
    cam = (weights * maps.detach()).sum(1, keepdim=True).relu()
    cam = cam / cam.amax((2, 3), keepdim=True).clamp(min=1e-12)
    return F.interpolate(cam, (32, 32), mode="bilinear", align_corners=False)


def guided_backprop():
    net.rectify = GuidedReLU.apply
    try:
        return gradient(images)
    finally:
        net.rectify = F.relu


def integrated_gradients(steps=32):
    total = torch.zeros_like(images)
    for k in range(steps):
        total += gradient(images * ((k + 0.5) / steps))
    return images * total / steps


@torch.no_grad()
def occlusion(size=8, stride=4):
    score = net(images)[:, TARGET]
    positions = range(0, 32 - size + 1, stride)
    decreases = []
    for top in positions:
        for left in positions:
            occluded = images.clone()
            occluded[:, :, top : top + size, left : left + size] = 0.5
            decreases.append(score - net(occluded)[:, TARGET])
    return torch.stack(decreases)


times = {}
for name, method in {
    "grad-cam": grad_cam,
    "guided-backprop": guided_backprop,
    "integrated-gradients": integrated_gradients,
    "occlusion": occlusion,
}.items():
    method()
    start = time.perf_counter()
    method()
    times[name] = 1000 * (time.perf_counter() - start)
print(json.dumps(times))
