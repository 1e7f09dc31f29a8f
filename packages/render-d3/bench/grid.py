"""The grid of grid.js with Matplotlib: the median time of rendering and saving it, in milliseconds."""

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


def render(file_format):
    figure, axes = plt.subplots(8, 8, figsize=(8, 8))
    for channel, axis in enumerate(axes.flat):
        axis.imshow(values[:, :, channel], cmap="viridis", interpolation="nearest")
        axis.set_title(f"{channel}  {values[:, :, channel].max():.3g}", fontsize=7)
        axis.axis("off")
    figure.suptitle("Feature maps of conv2")
    figure.savefig(io.BytesIO(), format=file_format, dpi=100)
    plt.close(figure)


def median_time(file_format, rounds=3):
    render(file_format)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        render(file_format)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


print(json.dumps({file_format: median_time(file_format) for file_format in ("svg", "png")}))
