"""Reads CIFAR-10's files with NumPy as torchvision.datasets.CIFAR10 does: read, stack, transpose, both splits.

    python load.py FOLDER view|copied read|verify

With "view" the pixels stay planes in memory and are transposed as a view, as in torchvision; with "copied" they are copied into
the order height x width x 3, as in convlens. With "verify" the checksum of every file is computed twice: torchvision verifies
the files of both splits whenever it loads one. Prints [wall-clock seconds, processor seconds] of the second pass.
"""
import hashlib, json, os, pickle, sys, time

import numpy as np

folder, order, checks = sys.argv[1:4]
is_python = folder.rstrip("/").endswith("-py")
suffix = "" if is_python else ".bin"
NAMES = [[f"data_batch_{i}{suffix}" for i in range(1, 6)], [f"test_batch{suffix}"]]


def md5(path):
    digest = hashlib.md5()
    with open(path, "rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()


def load(names):
    if checks == "verify":
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
    return (np.ascontiguousarray(pixels) if order == "copied" else pixels), targets


for _ in range(2):
    started, processors = time.perf_counter(), time.process_time()
    both = [load(names) for names in NAMES]
    seconds = [time.perf_counter() - started, time.process_time() - processors]
    del both
print(json.dumps(seconds))
