"""Trains recipe A on the first images of CIFAR-10 with Keras, seed by seed. Adds one JSON line per seed to a file and skips
seeds that are in it. Same model, split, optimizer, callbacks and augmentation (ImageDataGenerator) as convlens-recipe-a.js.

    python keras_recipe_a.py DATA_DIR OUT.jsonl [IMAGES 10000] [EPOCHS 5] [SEEDS 10]

Needs keras, tensorflow and scipy; DATA_DIR holds the official binary files of CIFAR-10.
"""

import json
import os
import pathlib
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers as L
from keras.src.legacy.preprocessing.image import ImageDataGenerator

data, out = sys.argv[1:3]
count, epochs, seeds = (int(sys.argv[i]) if len(sys.argv) > i else default for i, default in ((3, 10_000), (4, 5), (5, 10)))


def load(limit):
    """The first images of the training set, pixels in [0, 1]."""
    folder = pathlib.Path(data)
    if (folder / "cifar-10-batches-bin").is_dir():
        folder = folder / "cifar-10-batches-bin"
    files = [folder / f"data_batch_{i}.bin" for i in range(1, 2 + (limit - 1) // 10_000)]
    records = np.concatenate([np.fromfile(file, np.uint8) for file in files]).reshape(-1, 3073)[:limit]
    images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return images.astype("float32") / 255, records[:, 0].astype("int32")


def build_model():
    inputs = x = L.Input((32, 32, 3))
    for filters in (32, 64, 128):
        for _ in range(2):
            x = L.ReLU()(L.BatchNormalization()(L.Conv2D(filters, 3, padding="same")(x)))
        x = L.Dropout(0.25)(L.MaxPooling2D()(x))
    x = L.ReLU()(L.BatchNormalization()(L.Dense(256)(L.Flatten()(x))))
    return keras.Model(inputs, L.Dense(10, activation="softmax")(L.Dropout(0.5)(x)))


images, labels = load(count)
held_out = round(count / 10)
x_val, y_val, x, y = images[:held_out], labels[:held_out], images[held_out:], labels[held_out:]
lines = pathlib.Path(out).read_text().split("\n") if pathlib.Path(out).exists() else []
finished = [json.loads(line) for line in lines if line]

for seed in range(1, seeds + 1):
    if any((line["seed"], line["images"], line["epochs"]) == (seed, count, epochs) for line in finished):
        continue
    keras.utils.set_random_seed(seed)
    model = build_model()
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    flow = ImageDataGenerator(
        rotation_range=15, width_shift_range=0.1, height_shift_range=0.1, zoom_range=0.1, horizontal_flip=True
    ).flow(x, y, batch_size=64, seed=seed)
    callbacks = [
        keras.callbacks.ReduceLROnPlateau("val_loss", factor=0.5, patience=5),
        keras.callbacks.EarlyStopping("val_loss", patience=10, restore_best_weights=True),
    ]
    started = time.perf_counter()
    history = model.fit(flow, epochs=epochs, validation_data=(x_val, y_val), callbacks=callbacks, verbose=0).history
    result = {
        "framework": f"keras {keras.__version__}",
        "seed": seed,
        "images": count,
        "epochs": epochs,
        "valAccuracy": history["val_accuracy"][-1],
        "valLoss": history["val_loss"][-1],
        "accuracy": history["accuracy"][-1],
        "loss": history["loss"][-1],
        "seconds": round(time.perf_counter() - started),
    }
    with open(out, "a") as file:
        file.write(json.dumps(result) + "\n")
    print(json.dumps(result), flush=True)
