"""The grid of grid.js as people draw it with Matplotlib: median milliseconds of making and saving it."""

import io
import json
import statistics
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

i = np.arange(16 * 16 * 64)
values = (np.sin(i * 0.37) + np.cos(i * 0.011)).astype(np.float32).reshape(16, 16, 64)


def draw(kind):
    figure, axes = plt.subplots(8, 8, figsize=(8, 8))
    for channel, axis in enumerate(axes.flat):
        axis.imshow(values[:, :, channel], cmap="viridis", interpolation="nearest")
        axis.set_title(f"{channel}  {values[:, :, channel].max():.3g}", fontsize=7)
        axis.axis("off")
    figure.suptitle("Feature maps of conv2")
    figure.savefig(io.BytesIO(), format=kind, dpi=100)
    plt.close(figure)


def median(kind, rounds=3):
    draw(kind)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        draw(kind)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


print(json.dumps({kind: median(kind) for kind in ("svg", "png")}))
