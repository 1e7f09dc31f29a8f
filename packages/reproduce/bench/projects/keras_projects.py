"""Trains two of the projects with Keras itself, seed by seed. Compared with the pages in docs/results, this separates the
effect of the seed from that of the software. Adds one JSON line per epoch to a file.

    python keras_projects.py B DATA_DIR OUT.jsonl [EPOCHS 3] [SEEDS 1,2,3,4,5]
    python keras_projects.py D-keras-cifar10 DATA_DIR OUT.jsonl [EPOCHS 10] [SEEDS 1]

Needs keras, tensorflow and scipy; DATA_DIR holds the official binary files of CIFAR-10. The split is that of the recipe.
"""

import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers as L
from keras.src.legacy.preprocessing.image import ImageDataGenerator

project, data, out = sys.argv[1:4]
optional = dict(enumerate(sys.argv[4:]))


def load():
    """The training images, pixels in [0, 1], and their labels."""
    folder = pathlib.Path(data)
    if (folder / "cifar-10-batches-bin").is_dir():
        folder = folder / "cifar-10-batches-bin"
    records = np.concatenate([np.fromfile(folder / f"data_batch_{i}.bin", np.uint8) for i in range(1, 6)])
    records = records.reshape(-1, 3073)
    images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return images.astype("float32") / 255, records[:, 0].astype("int32")


class Log(keras.callbacks.Callback):
    def __init__(self, seed):
        super().__init__()
        self.seed = seed

    def on_epoch_end(self, epoch, logs):
        metrics = {name: round(float(value), 4) for name, value in logs.items()}
        line = json.dumps({"framework": f"keras {keras.__version__}", "project": project, "seed": self.seed, "epoch": epoch + 1, **metrics})
        print(line, flush=True)
        with open(out, "a") as file:
            file.write(line + "\n")


def train_project_b(seed, epochs):
    inputs = x = L.Input((32, 32, 3))
    for filters, strides in ((32, 1), (32, 2), (64, 1), (64, 2)):
        x = L.Conv2D(filters, 3, strides=strides, padding="same")(x)
        x = L.LeakyReLU(negative_slope=0.3)(L.BatchNormalization()(x))
    x = L.LeakyReLU(negative_slope=0.3)(L.BatchNormalization()(L.Dense(128)(L.Flatten()(x))))
    model = keras.Model(inputs, L.Dense(10, activation="softmax")(L.Dropout(0.5)(x)))
    model.compile(keras.optimizers.Adam(5e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
    train, held_out = slice(None, 45_000), slice(45_000, None)
    model.fit(
        images[train],
        labels[train],
        batch_size=32,
        epochs=epochs,
        validation_data=(images[held_out], labels[held_out]),
        verbose=0,
        callbacks=[Log(seed)],
    )


def train_keras_cifar10(seed, epochs):
    inputs = x = L.Input((32, 32, 3))
    for filters in (32, 64):
        x = L.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = L.Conv2D(filters, 3, activation="relu")(x)
        x = L.Dropout(0.25)(L.MaxPooling2D()(x))
    x = L.Dropout(0.5)(L.Dense(512, activation="relu")(L.Flatten()(x)))
    model = keras.Model(inputs, L.Dense(10, activation="softmax")(x))
    rate = keras.optimizers.schedules.InverseTimeDecay(1e-4, 1, 1e-6)
    model.compile(keras.optimizers.RMSprop(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    generator = ImageDataGenerator(width_shift_range=0.1, height_shift_range=0.1, horizontal_flip=True)
    flow = generator.flow(images[5_000:], labels[5_000:], batch_size=32, seed=seed)

    def batches():
        # Endless: an epoch is 1,000 batches, independent of the passes over the images.
        while True:
            yield next(flow)

    model.fit(
        batches(),
        steps_per_epoch=1000,
        epochs=epochs,
        validation_data=(images[:5_000], labels[:5_000]),
        verbose=0,
        callbacks=[Log(seed)],
    )


train_project, epochs, seeds = {
    "B": (train_project_b, 3, "1,2,3,4,5"),
    "D-keras-cifar10": (train_keras_cifar10, 10, "1"),
}[project]
images, labels = load()
for seed in map(int, optional.get(1, seeds).split(",")):
    keras.utils.set_random_seed(seed)
    train_project(seed, int(optional.get(0, epochs)))
