"""NumPy on CIFAR-10's files in the way torchvision.datasets.CIFAR10 does it: checksum of every file, read, stack, transpose.

    python load.py FOLDER

Prints the seconds of that ("view": the pixels stay planes in memory and are only seen as height x width x 3) and with the
pixels really put in that order, as our loader does it ("copied"). Second of two passes.
"""
import hashlib, json, os, pickle, sys, time

import numpy as np

folder = sys.argv[1]
is_python = folder.rstrip("/").endswith("-py")
suffix = "" if is_python else ".bin"
NAMES = [[f"data_batch_{i}{suffix}" for i in range(1, 6)], [f"test_batch{suffix}"]]


def md5(path):
    digest = hashlib.md5()
    with open(path, "rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()


def load(names, copied):
    # torchvision verifies the files of both splits whenever it loads one.
    for name in sum(NAMES, []):
        md5(os.path.join(folder, name))
    data, targets = [], []
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            if is_python:
                entry = pickle.load(file, encoding="latin1")
                data.append(entry["data"])
                targets.extend(entry["labels"])
            else:
                records = np.frombuffer(file.read(), np.uint8).reshape(-1, 3073)
                data.append(records[:, 1:])
                targets.extend(records[:, 0].tolist())
    pixels = np.vstack(data).reshape(-1, 3, 32, 32).transpose((0, 2, 3, 1))
    return (np.ascontiguousarray(pixels) if copied else pixels), targets


seconds = {}
for _ in range(2):
    for kind in ("view", "copied"):
        started = time.perf_counter()
        both = [load(names, kind == "copied") for names in NAMES]
        seconds[kind] = time.perf_counter() - started
        del both
print(json.dumps(seconds))
