import { InputError, type ImageBatch, type OptionNames } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { isLinearLoss } from './compile.js';
import { expandClassWeight, type ClassWeight } from './class-weight.js';

export interface TargetOptions {
  /**
   * The loss weight of each class (Keras's class_weight); of soft targets the class with the largest target.
   * The loss of a batch is the mean over its images, not divided by their weights. Default 1 for each class.
   */
  classWeights?: ClassWeight;
  /**
   * Keras's label_smoothing: targets become target * (1 - labelSmoothing) + labelSmoothing / classes. 0 to 1
   * (1 excluded), default 0.
   */
  labelSmoothing?: number;
}

export const TARGET_OPTIONS: OptionNames<TargetOptions> = { classWeights: true, labelSmoothing: true };

/**
 * The targets of a batch, [count, classes]; [count, 1] for the sparse loss, and for a model with one unit, which is the
 * probability of the second class. The caller disposes it.
 */
export function targetTensor(
  model: tf.LayersModel,
  batch: ImageBatch,
  options: TargetOptions = {},
): tf.Tensor {
  expectTargets(model, batch);
  if (isSparse(model)) return tf.tensor2d(Float32Array.from(batch.labels!), [batch.count, 1]);
  const targets = smoothAndWeight(batch.targets ?? oneHot(batch), batch, options);
  if (hasOneUnit(model))
    return tf.tensor2d(
      targets.filter((_, i) => i % 2 === 1),
      [batch.count, 1],
    );
  return tf.tensor2d(targets, [batch.count, batch.classNames.length]);
}

const hasOneUnit = ({ outputs: [{ shape }] }: tf.LayersModel) => shape.length === 2 && shape[1] === 1;

export const isSparse = ({ loss }: tf.LayersModel) => loss === 'sparseCategoricalCrossentropy';

/**
 * Throws an InputError if the labels or soft targets of a batch do not fit its images, its classes or the
 * model.
 */
export function expectTargets(model: tf.LayersModel, batch: ImageBatch): void {
  const { classNames, name, count, targets } = batch;
  const [, ...outputShape] = model.outputs[0].shape;
  const classes = classNames.length;
  const isBinary = hasOneUnit(model) && classes === 2;
  if (isBinary && (isSparse(model) || isLinearLoss(model)))
    throw new InputError(
      'Expected a binary cross-entropy for a model with one unit (see compileClassifier), got that of several classes',
    );
  if (!isBinary && (outputShape.length !== 1 || outputShape[0] !== classes))
    throw new InputError(
      `Expected a model with ${classes} outputs, one per class of ${name}, got ${outputShape.join(' x ')}`,
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
  if (!labels) throw new InputError(`Expected labeled images to train on, got ${name} without labels`);
  if (labels.length !== count)
    throw new InputError(`Expected ${count} labels in ${name}, one per image, got ${labels.length}`);
  const outOfRange = labels.find((label) => !(label >= 0 && label < classNames.length));
  if (outOfRange !== undefined)
    throw new InputError(`Expected labels from 0 to ${classNames.length - 1}, got ${outOfRange} in ${name}`);
}

function oneHot({ labels, count, classNames }: ImageBatch): Float32Array {
  const classes = classNames.length;
  const values = new Float32Array(count * classes);
  labels!.forEach((label, i) => (values[i * classes + label] = 1));
  return values;
}

/** Cross-entropy is linear in its targets, so weighted targets are a weighted loss. */
function smoothAndWeight(
  targets: Float32Array,
  batch: ImageBatch,
  { classWeights, labelSmoothing = 0 }: TargetOptions,
): Float32Array {
  if (!classWeights && labelSmoothing === 0) return targets;
  const classes = batch.classNames.length;
  const weights = classWeights && expandClassWeight(classWeights, batch);
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
