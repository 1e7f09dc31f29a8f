"""Feature visualization of all 64 filters of relu2_2 of cifar10-bn-6conv by gradient ascent in PyTorch: prints seconds.

    python3 visualize_features_torch.py STEPS THREADS
"""
import sys
import time
import torch
from torch import nn

steps, threads = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(1)


def block(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]


# Up to relu2_2: the JavaScript version does not compute the later layers either.
model = nn.Sequential(*block(3, 32), *block(32, 32), nn.MaxPool2d(2), *block(32, 64), *block(64, 64)).eval()
for parameter in model.parameters():
    parameter.requires_grad_(False)
model = model.to(memory_format=torch.channels_last)


def visualize(steps):
    image = (0.5 + 20 / 255 * (2 * torch.rand(1, 3, 32, 32) - 1)).repeat(64, 1, 1, 1)
    image = image.to(memory_format=torch.channels_last)
    rows = torch.arange(64)
    for _ in range(steps):
        image.requires_grad_(True)
        rolled = torch.roll(image, tuple(torch.randint(-1, 2, (2,)).tolist()), (2, 3))
        score = model(rolled).mean((2, 3))[rows, rows].sum()
        (gradient,) = torch.autograd.grad(score, image)
        rms = gradient.square().mean((1, 2, 3), keepdim=True).sqrt() + 1e-5
        image = (image + gradient / rms / 255).detach()
    return image


visualize(3)
start = time.perf_counter()
visualize(steps)
print(time.perf_counter() - start)
