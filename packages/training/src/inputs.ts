import { InputError, preprocess, type ImageBatch, type Preprocessing } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** What a batch becomes for a model: [count, height, width, channels] and [count, classes]; the caller disposes both. */
export function tensorsOf(model: tf.LayersModel, batch: ImageBatch, preprocessing?: Preprocessing) {
  const { count, height, width, channels } = batch;
  const [, ...expected] = model.inputs[0].shape;
  const got = [height, width, channels];
  if (expected.length !== 3 || expected.some((size, i) => size !== null && size !== got[i]))
    throw new InputError(
      `Expected images of ${expected.join(' x ')} as the model reads, got ${got.join(' x ')}`,
    );
  const sparse = model.loss === 'sparseCategoricalCrossentropy';
  const targets = sparse ? sparseTargets(batch) : denseTargets(model, batch);
  return { x: tf.tensor4d(preprocess(batch, preprocessing), [count, height, width, channels]), y: targets };
}

function labelsOf({ labels, name }: ImageBatch): Int32Array {
  if (!labels) throw new InputError(`Expected labelled images to train on, got ${name} without labels`);
  return labels;
}

function sparseTargets(batch: ImageBatch) {
  if (batch.targets)
    throw new InputError(
      'Expected a model compiled with categoricalCrossentropy for soft targets, got the sparse loss',
    );
  return tf.tensor2d(Float32Array.from(labelsOf(batch)), [batch.count, 1]);
}

function denseTargets(model: tf.LayersModel, batch: ImageBatch) {
  const { count, classNames } = batch;
  const classes = classNames.length;
  const units = model.outputs[0].shape.at(-1);
  if (units !== classes)
    throw new InputError(
      `Expected a model with ${classes} outputs, one a class of ${batch.name}, got ${units}`,
    );
  if (batch.targets) return tf.tensor2d(batch.targets, [count, classes]);
  const values = new Float32Array(count * classes);
  labelsOf(batch).forEach((label, i) => {
    if (!(label >= 0 && label < classes))
      throw new InputError(`Expected labels from 0 to ${classes - 1}, got ${label} in ${batch.name}`);
    values[i * classes + label] = 1;
  });
  return tf.tensor2d(values, [count, classes]);
}
