import { namedWeights, randomAt, UNIT_RANGE } from '@convlens/core';
import { loadModel, saveModel } from '@convlens/models';
import { memoryStore } from '@convlens/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerKerasLayers } from '../../src/index.js';
import { AdaptivePooling } from '../../src/layers/adaptive-pooling.js';
import { AxisBatchNormalization } from '../../src/layers/axis-batch-normalization.js';
import { AxisSoftmax } from '../../src/layers/axis-softmax.js';
import { Convolution, type ConvolutionOptions } from '../../src/layers/convolution.js';
import { Cropping1D } from '../../src/layers/cropping-1d.js';
import { Elementwise } from '../../src/operation-layers/elementwise.js';
import { GeneralReLU } from '../../src/layers/general-relu.js';
import { GlobalPooling } from '../../src/layers/global-pooling.js';
import { GroupNormalization } from '../../src/layers/group-normalization.js';
import { LayerScale } from '../../src/layers/layer-scale.js';
import { Normalization } from '../../src/layers/normalization.js';
import { ReduceAxes } from '../../src/operation-layers/reduce-axes.js';
import { ResizeImages } from '../../src/layers/resize-images.js';
import { ScaledELU } from '../../src/layers/scaled-elu.js';
import { SelectChannels } from '../../src/operation-layers/select-channels.js';
import { SliceTensor } from '../../src/operation-layers/slice-tensor.js';
import { StackTensors } from '../../src/operation-layers/stack-tensors.js';
import { Subtract } from '../../src/layers/subtract.js';
import { RMSNormalization, UnitNormalization } from '../../src/layers/vector-normalizations.js';
import { UpSampling1D } from '../../src/layers/up-sampling-1d.js';
import { ZeroPadding1D } from '../../src/layers/zero-padding-1d.js';

const classNames = () => Object.keys(tf.serialization.SerializationMap.getMap().classNameMap);
const builtIn = classNames();
registerKerasLayers();
const added = classNames().filter((name) => !builtIn.includes(name));

beforeAll(() => tf.setBackend('cpu'));

interface LayerCase {
  readonly title: string;
  readonly inputShapes: readonly number[][];
  readonly layer: () => tf.layers.Layer;
}

const IMAGE = [5, 4, 6];
const SEQUENCE = [6, 4];
const one = (title: string, shape: number[], layer: () => tf.layers.Layer): LayerCase => ({
  title,
  inputShapes: [shape],
  layer,
});

const convolution = (title: string, options: Partial<ConvolutionOptions>): LayerCase => {
  const { rank = 2 } = options;
  const all = (value: number) => Array.from({ length: rank }, () => value);
  const defaults: ConvolutionOptions = {
    kind: 'grouped',
    rank,
    filters: 4,
    kernelSize: all(2),
    strides: all(1),
    dilationRate: all(1),
    padding: 'same',
    groups: 1,
    depthMultiplier: 1,
    useBias: true,
    activation: 'relu6Swish',
  };
  return one(title, rank === 1 ? SEQUENCE : IMAGE, () => new Convolution({ ...defaults, ...options }));
};

/** Cases of each class that `registerKerasLayers` registers, with options that differ from all defaults. */
const LAYER_CASES: Readonly<Record<string, readonly LayerCase[]>> = {
  GroupNormalization: [
    one(
      'without an offset',
      IMAGE,
      () => new GroupNormalization({ groups: 3, epsilon: 0.03, scale: true, center: false }),
    ),
    one(
      'without a scale',
      IMAGE,
      () => new GroupNormalization({ groups: 2, epsilon: 0.1, scale: false, center: true }),
    ),
  ],
  SelectChannels: [
    one('in reverse', IMAGE, () => new SelectChannels({ channels: [2, 1, 0], keepsAxis: true })),
    one('one of them', SEQUENCE, () => new SelectChannels({ channels: [3], keepsAxis: false })),
  ],
  StackTensors: [
    { title: 'as channels', inputShapes: [SEQUENCE, SEQUENCE], layer: () => new StackTensors({ axis: -1 }) },
    { title: 'as rows', inputShapes: [SEQUENCE, SEQUENCE], layer: () => new StackTensors({ axis: 1 }) },
  ],
  Elementwise: [
    one('clip', IMAGE, () => new Elementwise({ function: 'clip', numbers: [0.2, 0.6] })),
    one('power', SEQUENCE, () => new Elementwise({ function: 'power', numbers: [3] })),
  ],
  ReduceAxes: [
    one('kept', IMAGE, () => new ReduceAxes({ reduction: 'sum', axes: [1, 3], keepDims: true })),
    one('dropped', SEQUENCE, () => new ReduceAxes({ reduction: 'min', axes: [1], keepDims: false })),
  ],
  SliceTensor: [
    one(
      'steps and a position',
      IMAGE,
      () =>
        new SliceTensor({
          slices: [
            { axis: 1, start: 4, step: -2, count: 2, keepsAxis: true },
            { axis: 3, start: 1, step: 1, count: 1, keepsAxis: false },
          ],
        }),
    ),
  ],
  LayerScale: [one('of an image', IMAGE, () => new LayerScale({ channels: 6 }))],
  RMSNormalization: [
    one('along rows', IMAGE, () => new RMSNormalization({ axis: [1], epsilon: 0.03 })),
    one('along channels', IMAGE, () => new RMSNormalization({ axis: [-1], epsilon: 0.5 })),
  ],
  UnitNormalization: [one('along columns', IMAGE, () => new UnitNormalization({ axis: [2] }))],
  AdaptivePooling: (['average', 'max'] as const).map((mode) =>
    one(mode, IMAGE, () => new AdaptivePooling({ mode, outputSize: [2, 3] })),
  ),
  AxisBatchNormalization: [
    one(
      'over rows',
      IMAGE,
      () => new AxisBatchNormalization({ axis: 1, epsilon: 0.03, scale: true, center: false }),
    ),
    one(
      'over columns',
      IMAGE,
      () => new AxisBatchNormalization({ axis: -2, epsilon: 0.03, scale: false, center: true }),
    ),
  ],
  AxisSoftmax: [
    one('over rows', IMAGE, () => new AxisSoftmax({ axis: 1 })),
    one('over an image', IMAGE, () => new AxisSoftmax({ axis: [1, 2] })),
  ],
  KerasConvolution: [
    convolution('grouped', { kind: 'grouped', groups: 2, strides: [2, 1] }),
    convolution('depthwise, dilated', {
      kind: 'depthwise',
      filters: 0,
      depthMultiplier: 3,
      dilationRate: [2, 1],
    }),
    convolution('separable', {
      kind: 'separable',
      depthMultiplier: 2,
      useBias: false,
      activation: 'hardTanh',
    }),
    convolution('transposed', {
      kind: 'transposed',
      strides: [2, 3],
      padding: 'valid',
      activation: 'leakyRelu',
    }),
    convolution('causal sequence', { kind: 'causal', rank: 1, padding: 'causal', dilationRate: [2] }),
    convolution('separable sequence', { kind: 'separable', rank: 1, depthMultiplier: 3 }),
    convolution('depthwise sequence', {
      kind: 'depthwise',
      rank: 1,
      filters: 0,
      depthMultiplier: 2,
      strides: [2],
    }),
    convolution('transposed sequence', { kind: 'transposed', rank: 1, strides: [2], activation: 'geluTanh' }),
  ],
  Cropping1D: [one('uneven', SEQUENCE, () => new Cropping1D({ cropping: [1, 2] }))],
  GeneralReLU: [
    one(
      'with all options',
      IMAGE,
      () => new GeneralReLU({ threshold: 0.2, negativeSlope: 0.3, maxValue: 0.6 }),
    ),
    one(
      'without a maximum',
      IMAGE,
      () => new GeneralReLU({ threshold: 0.2, negativeSlope: 0, maxValue: null }),
    ),
  ],
  GlobalPooling: [
    one('maximum of a sequence', SEQUENCE, () => new GlobalPooling({ mode: 'max', keepDims: true })),
    one('mean of an image', IMAGE, () => new GlobalPooling({ mode: 'average', keepDims: false })),
  ],
  Normalization: [
    one(
      'with weights',
      IMAGE,
      () => new Normalization({ axis: [-1], mean: null, variance: null, invert: false }),
    ),
    one(
      'with numbers, inverted',
      IMAGE,
      () => new Normalization({ axis: [], mean: [0.25], variance: [4], invert: true }),
    ),
  ],
  ResizeImages: (['nearest', 'bilinear'] as const).map((interpolation, i) =>
    one(interpolation, IMAGE, () => new ResizeImages({ to: [3, 2], relative: i === 0, interpolation })),
  ),
  ScaledELU: [one('', IMAGE, () => new ScaledELU({ alpha: 0.4 }))],
  Subtract: [{ title: 'with broadcasting', inputShapes: [IMAGE, [6]], layer: () => new Subtract({}) }],
  UpSampling1D: [one('', SEQUENCE, () => new UpSampling1D({ size: 3 }))],
  ZeroPadding1D: [one('uneven', SEQUENCE, () => new ZeroPadding1D({ padding: [1, 2] }))],
};

function build({ inputShapes, layer }: LayerCase): tf.LayersModel {
  const inputs = inputShapes.map((shape) => tf.input({ shape }));
  const output = layer().apply(inputs.length === 1 ? inputs[0] : inputs) as tf.SymbolicTensor;
  const model = tf.model({ inputs, outputs: output });
  const random = randomAt(2, 'weights');
  for (const { weight } of namedWeights(model)) {
    const shape = weight.shape as number[];
    const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 0.5 + random());
    tf.tidy(() => (weight.read() as tf.Variable).assign(tf.tensor(values, shape)));
  }
  return model;
}

const predict = (model: tf.LayersModel) =>
  tf.tidy(() => {
    const inputs = model.inputs.map(({ shape: [, ...sizes] }, i) => {
      const shape = [2, ...(sizes as number[])];
      return tf.randomUniform(shape, -1, 1, 'float32', i + 1);
    });
    const output = model.predict(inputs) as tf.Tensor;
    return [...output.shape, ...output.dataSync()];
  });

async function expectSame(model: tf.LayersModel): Promise<void> {
  const store = memoryStore();
  await saveModel(model, store, { preprocessing: UNIT_RANGE, classNames: [] });
  const { model: loaded } = await loadModel(store);
  expect(predict(loaded)).toEqual(predict(model));
  expect(loaded.layers.map((layer) => layer.getConfig())).toMatchObject(
    model.layers.map((layer) => JSON.parse(JSON.stringify(layer.getConfig()))),
  );
}

describe('saveModel and loadModel keep the layers of imported models', () => {
  const activations = added.filter((name) => !(name in LAYER_CASES));

  it('with a case for each class that registerKerasLayers registers', () => {
    const isLayer = (name: string) => {
      const [layerClass] = tf.serialization.SerializationMap.getMap().classNameMap[name];
      return (layerClass as { prototype: unknown }).prototype instanceof tf.layers.Layer;
    };
    expect(added.filter(isLayer).sort()).toEqual(Object.keys(LAYER_CASES).sort());
    expect(activations).toContain('hardTanh');
  });

  describe.each(Object.entries(LAYER_CASES))('%s', (_, cases) => {
    it.each(cases)('$title', (one) => expectSame(build(one)));
  });

  it.each(activations)('with the activation %s', (activation) =>
    expectSame(build(one('', [4], () => tf.layers.activation({ activation: activation as 'relu' })))),
  );
});
