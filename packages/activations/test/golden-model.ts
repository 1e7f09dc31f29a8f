import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { defaultClassNames, type Images } from '@convlens/core';

interface Golden {
  model: { input_shape: number[]; layers: GoldenLayer[]; weights: GoldenWeight[] };
  images: { shape: number[]; data: number[] }[];
  noise: { shape: number[]; data: number[] };
  layer_outputs: { layer: string; shape: number[]; data: number[] }[];
  cases: GoldenCase[];
}
interface GoldenLayer {
  name: string;
  type: string;
  input?: string;
  inputs?: string[];
  filters?: number;
  kernel?: number;
  padding?: 'same' | 'valid';
  units?: number;
  epsilon?: number;
}
interface GoldenWeight {
  layer: string;
  weight: string;
  shape: number[];
  data: number[];
}
export interface GoldenTensor {
  shape: number[];
  data: number[];
}
export interface GoldenCase {
  image: number;
  class: number;
  is_top_class: boolean;
  logit: number;
  probability: number;
  cam: Record<string, Record<string, GoldenTensor>>;
  gradient: GoldenTensor;
  gradient_x_input: GoldenTensor;
  guided_backprop: GoldenTensor;
  deconvnet: GoldenTensor;
  integrated_gradients: GoldenTensor;
  occlusion: GoldenTensor;
  smoothgrad: GoldenTensor;
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')) as unknown;

/** From Keras and PyTorch: a small residual network, its layer outputs and attributions. */
export const golden = read('explain.json') as Golden;

/**
 * The model of the fixture. With `inside` a rectifier or softmax directly after a layer becomes the activation function
 * of that layer, so that the model computes the same with fewer layers.
 */
export function goldenModel({ inside = false } = {}): tf.LayersModel {
  const { layers, weights, input_shape } = golden.model;
  const input = tf.input({ shape: input_shape, name: 'input' });
  const outputs = new Map<string, tf.SymbolicTensor>([['input', input]]);
  const outputOf = (name: string) => outputs.get(name)!;
  for (const [i, { name, type, filters, kernel, padding, units, epsilon, ...from }] of layers.entries()) {
    const next = layers[i + 1]?.type;
    const activation = inside && (next === 'relu' || next === 'softmax') ? next : 'linear';
    const before = layers[i - 1]?.type;
    const isInside = inside && (before === 'conv2d' || before === 'dense');
    const x = outputOf(from.input ?? from.inputs![0]);
    const weightsOf = () =>
      weights.filter(({ layer }) => layer === name).map(({ data, shape }) => tf.tensor(data, shape));
    const apply = (layer: tf.layers.Layer) => {
      outputs.set(name, layer.apply(x) as tf.SymbolicTensor);
      const values = weightsOf();
      layer.setWeights(values);
      tf.dispose(values);
    };
    if (type === 'conv2d')
      apply(tf.layers.conv2d({ name, filters: filters!, kernelSize: kernel!, padding, activation }));
    else if (type === 'dense') apply(tf.layers.dense({ name, units: units!, activation }));
    else if (type === 'batchnorm') apply(tf.layers.batchNormalization({ name, epsilon }));
    else if (type === 'maxpool2d') apply(tf.layers.maxPooling2d({ name, poolSize: 2 }));
    else if (type === 'flatten') apply(tf.layers.flatten({ name }));
    else if (type === 'add')
      outputs.set(name, tf.layers.add({ name }).apply(from.inputs!.map(outputOf)) as tf.SymbolicTensor);
    else if (isInside) outputs.set(name, x);
    else if (type === 'relu') apply(tf.layers.reLU({ name }));
    else if (type === 'softmax') apply(tf.layers.activation({ name, activation: 'softmax' }));
    else throw new Error(`No layer for ${type}`);
  }
  return tf.model({ inputs: input, outputs: outputOf('softmax') });
}

/** The images of the fixture. They are model inputs: use the preprocessing IDENTITY. */
export const goldenImages: Images = {
  name: 'golden',
  pixels: Float32Array.from(golden.images.flatMap(({ data }) => data)),
  count: 2,
  height: 16,
  width: 16,
  channels: 3,
  classNames: defaultClassNames(10),
};

/** One image of the fixture. */
export const goldenImage = (position: number): Images => ({
  ...goldenImages,
  pixels: Float32Array.from(golden.images[position].data),
  count: 1,
});

/** The largest difference between two lists, divided by the largest expected magnitude. */
export function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  if (actual.length !== expected.length) return Infinity;
  const size = Math.max(...expected.map(Math.abs)) || 1;
  return Math.max(...expected.map((value, i) => Math.abs(actual[i] - value))) / size;
}
