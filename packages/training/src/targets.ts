import { InputError, type ImageBatch } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { expandClassWeights, type ClassWeights } from './class-weights.js';

export interface TargetOptions {
  /**
   * What the loss of an image counts, by its class (of soft targets the largest): Keras's class_weight. The mean of a
   * batch is over its images, not over their weights. Default: 1 for each.
   */
  classWeights?: ClassWeights;
  /** The share of each target that is spread over all classes, 0 to 1 (1 excluded): Keras's label_smoothing. Default 0. */
  labelSmoothing?: number;
}

/** What the model should say of each image, [count, classes], or [count, 1] for a sparse loss; the caller disposes it. */
export function targetsOf(model: tf.LayersModel, batch: ImageBatch, options: TargetOptions = {}): tf.Tensor {
  expectTargets(model, batch);
  if (isSparse(model)) return tf.tensor2d(Float32Array.from(batch.labels!), [batch.count, 1]);
  const targets = batch.targets ?? oneHot(batch);
  return tf.tensor2d(weighted(targets, batch, options), [batch.count, batch.classNames.length]);
}

export const isSparse = ({ loss }: tf.LayersModel) => loss === 'sparseCategoricalCrossentropy';

/** Throws an InputError if the labels or soft targets of a batch do not fit its images, its classes or the model. */
export function expectTargets(model: tf.LayersModel, batch: ImageBatch): void {
  const { classNames, name, count, targets } = batch;
  const [, ...puts] = model.outputs[0].shape;
  const classes = classNames.length;
  if (puts.length !== 1 || puts[0] !== classes)
    throw new InputError(
      `Expected a model with ${classes} outputs, one a class of ${name}, got ${puts.join(' x ')}`,
    );
  if (targets && isSparse(model))
    throw new InputError(
      'Expected a model compiled with categoricalCrossentropy for soft targets, got the sparse loss',
    );
  if (targets && targets.length !== count * classes)
    throw new InputError(
      `Expected ${name} to have ${count} x ${classes} soft targets, got ${targets.length} values`,
    );
  if (!targets) expectLabels(batch);
}

function expectLabels({ labels, name, classNames, count }: ImageBatch): void {
  if (!labels) throw new InputError(`Expected labelled images to train on, got ${name} without labels`);
  if (labels.length !== count)
    throw new InputError(`Expected ${count} labels in ${name}, one an image, got ${labels.length}`);
  const wrong = labels.find((label) => !(label >= 0 && label < classNames.length));
  if (wrong !== undefined)
    throw new InputError(`Expected labels from 0 to ${classNames.length - 1}, got ${wrong} in ${name}`);
}

function oneHot(batch: ImageBatch): Float32Array {
  const classes = batch.classNames.length;
  const values = new Float32Array(batch.count * classes);
  batch.labels!.forEach((label, i) => (values[i * classes + label] = 1));
  return values;
}

/** Smoothed, then weighed: cross-entropy is linear in its targets, so a weight in them is a weight of the loss. */
function weighted(
  targets: Float32Array,
  batch: ImageBatch,
  { classWeights, labelSmoothing = 0 }: TargetOptions,
): Float32Array {
  if (!classWeights && labelSmoothing === 0) return targets;
  const classes = batch.classNames.length;
  const weights = classWeights && expandClassWeights(classWeights, batch);
  const values = new Float32Array(targets.length);
  for (let start = 0; start < targets.length; start += classes) {
    const row = targets.subarray(start, start + classes);
    const weight = weights ? weights[row.indexOf(Math.max(...row))] : 1;
    row.forEach(
      (target, i) =>
        (values[start + i] = weight * (target * (1 - labelSmoothing) + labelSmoothing / classes)),
    );
  }
  return values;
}
