import type { BatchSource, ImageBatch } from '@convlens/core';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crossEntropy, fit, openCheckpoints, type FitOptions } from '../src/index.js';
import { bars, classifier, weightsOf } from './bars.js';

/** Sets a weight to one value at the end of the last batch of an epoch. */
class SetWeight extends tf.CustomCallback {
  #model!: tf.LayersModel;
  #epoch = 0;
  constructor(
    private readonly epoch: number,
    private readonly name: RegExp,
    private readonly value: number,
  ) {
    super({ onEpochEnd: () => {} });
  }
  override setModel(model: unknown) {
    this.#model = model as tf.LayersModel;
  }
  override async onEpochBegin(epoch: number) {
    this.#epoch = epoch;
  }
  override async onBatchEnd(batch: number) {
    if (this.#epoch !== this.epoch || batch !== 1) return;
    const { weights } = this.#model;
    const weight = weights.find(({ originalName }) => this.name.test(originalName))!;
    const variable = weight.read() as tf.Variable;
    tf.tidy(() => variable.assign(tf.fill(variable.shape, this.value)));
  }
}

/** Batches in which one pixel is not a finite number. */
const withPixel =
  (source: BatchSource, { value, epochs }: { value: number; epochs: readonly number[] }): BatchSource =>
  (epoch) =>
    (source(epoch) as ImageBatch[]).map((batch) => {
      const pixels = Float32Array.from(batch.pixels);
      if (epochs.includes(epoch)) pixels[7] = value;
      return { ...batch, pixels };
    });

const run: FitOptions = { train: bars(2), validation: bars(1, 8, 9), epochs: 4 };

/** A classifier whose outputs are 8 times the probabilities: a cross-entropy below 0. */
function overconfident() {
  const model = classifier();
  const scaled = tf.layers.dense({
    units: 3,
    useBias: false,
    trainable: false,
    weights: [tf.eye(3).mul(8) as tf.Tensor],
  });
  const outputs = scaled.apply(model.outputs[0]) as tf.SymbolicTensor;
  const whole = tf.model({ inputs: model.inputs, outputs });
  whole.compile({ optimizer: tf.train.sgd(1e-9), loss: crossEntropy, metrics: ['accuracy'] });
  return whole;
}

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

describe('fit marks a diverged epoch', () => {
  it.each<[string, () => Partial<FitOptions>, RegExp]>([
    [
      'a loss that is NaN',
      () => ({ train: withPixel(bars(2), { value: NaN, epochs: [2] }) }),
      /^loss NaN, validation loss NaN, weight .* NaN$/,
    ],
    [
      'weights that are infinite, while the training loss is finite',
      () => ({ validation: undefined, callbacks: [new SetWeight(2, /dense.*bias/, Infinity)] }),
      /^weight .*bias Infinity$/,
    ],
    [
      'a moving statistic that is NaN, which the training loss does not depend on',
      () => ({ callbacks: [new SetWeight(2, /moving_variance/, NaN)] }),
      /^validation loss NaN, weight .*moving_variance NaN$/,
    ],
    [
      'a moving statistic that is infinite, which no loss shows',
      () => ({ callbacks: [new SetWeight(2, /moving_variance/, Infinity)] }),
      /^weight .*moving_variance Infinity$/,
    ],
    [
      'a moving mean that is -Infinity, without validation',
      () => ({ validation: undefined, callbacks: [new SetWeight(2, /moving_mean/, -Infinity)] }),
      /^weight .*moving_mean -Infinity$/,
    ],
  ])('with %s, and ends with it', async (_, options, reason) => {
    const checkpoints = openCheckpoints(memoryStore());
    const history = await fit(classifier(), { ...run, ...options(), checkpoints });
    expect(history.map(({ diverged }) => diverged)).toEqual([
      undefined,
      undefined,
      expect.stringMatching(reason),
    ]);
    expect((await checkpoints.latest())!.epochs).toBe(2);
  });

  it('with a validation loss that is NaN alone, and goes on: the weights are finite', async () => {
    // The second of three epochs is validated; each time with the batches of epoch 0.
    const checkpoints = openCheckpoints(memoryStore());
    const validation = withPixel(bars(1, 8, 9), { value: NaN, epochs: [0] });
    const options = { ...run, epochs: 3, validation, validateEvery: 2, checkpoints };
    const history = await fit(classifier(), options);
    expect(history.map(({ diverged }) => diverged)).toEqual([undefined, 'validation loss NaN', undefined]);
    expect(history.map(({ loss }) => Number.isFinite(loss))).toEqual([true, true, true]);
    expect((await checkpoints.latest())!.history.map(({ diverged }) => diverged)).toEqual([
      undefined,
      'validation loss NaN',
      undefined,
    ]);
  });

  it('with a cross-entropy below -1e-6, and goes on', async () => {
    const model = overconfident();
    const history = await fit(model, { ...run, epochs: 2 });
    expect(history).toHaveLength(2);
    for (const { loss, diverged } of history) {
      expect(loss).toBeLessThan(-1e-6);
      expect(diverged).toMatch(/^loss -\d.*, validation loss -\d/);
    }
  });

  it.each([
    ['label smoothing', { labelSmoothing: 0.9 }],
    ['class weights of 0', { classWeights: [0, 0, 0] }],
    ['label smoothing and class weights', { labelSmoothing: 0.1, classWeights: { 0: 5 } }],
  ])('but not with %s', async (_, options) => {
    const history = await fit(classifier(), { ...run, ...options, epochs: 2 });
    expect(history.map(({ diverged }) => diverged)).toEqual([undefined, undefined]);
  });

  it('but not with soft targets whose probability is exactly 1, where rounding gives -0', async () => {
    const source: BatchSource = (epoch) =>
      (bars(2)(epoch) as ImageBatch[]).map((batch) => ({
        ...batch,
        targets: Float32Array.from({ length: batch.count * 3 }, (_, i) =>
          i % 3 === batch.labels![Math.floor(i / 3)] ? 1 : 0,
        ),
      }));
    const history = await fit(classifier(), { ...run, train: source, epochs: 2 });
    expect(history.map(({ diverged }) => diverged)).toEqual([undefined, undefined]);
  });
});

it('a run that diverged resumes before the diverged epoch, and diverges again to the same history', async () => {
  const store = memoryStore();
  const train = withPixel(bars(2), { value: NaN, epochs: [2] });
  const diverge = () =>
    fit(classifier(), { ...run, train, checkpoints: openCheckpoints(store), resume: true });
  const [first, second] = [await diverge(), await diverge()];
  // TensorFlow.js counts the layers of the process in their names.
  const withoutTime = (history: typeof first) =>
    history.map((record) => ({ ...record, diverged: record.diverged?.replace(/\d+\//, ''), seconds: 0 }));
  expect(withoutTime(second)).toEqual(withoutTime(first));
  expect(first).toHaveLength(3);

  // With data that are mended it ends as a run that never diverged.
  const mended = classifier();
  await fit(mended, { ...run, checkpoints: openCheckpoints(store), resume: true });
  const whole = classifier();
  await fit(whole, run);
  expect(weightsOf(mended)).toEqual(weightsOf(whole));
});
