import { readFileSync } from 'node:fs';
import { extend, InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import '@convlens/tfjs-backend-simd';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ARCHITECTURES,
  architectureNames,
  buildModel,
  initializerSeed,
  summarizeModel,
  type Architecture,
} from '../src/index.js';

// Layers, shapes, numbers of parameters and a forward pass of the same network, computed in Keras.
const golden = JSON.parse(readFileSync(new URL('fixtures/cifar10-bn-6conv.json', import.meta.url), 'utf8'));

beforeAll(() => tf.setBackend('wasm'));

describe('cifar10-bn-6conv', () => {
  it('has the layers, shapes and numbers of parameters of the Keras network', () => {
    const model = buildModel('cifar10-bn-6conv');
    const { layers, parameters, trainableParameters } = summarizeModel(model);
    const ours = layers
      .slice(1)
      .map(({ className, outputShape, parameters }) => [className, outputShape, parameters]);
    expect(ours).toEqual(
      golden.model.layers.map((layer: { type: string; output_shape: number[]; params: number }) => [
        layer.type,
        layer.output_shape,
        layer.params,
      ]),
    );
    expect([parameters, trainableParameters]).toEqual([816_938, 815_530]);
    model.dispose();
  });

  it('has its documented layer names', () => {
    const model = buildModel('cifar10-bn-6conv');
    const block = (n: number) =>
      [1, 2].flatMap((i) => [`conv${n}_${i}`, `bn${n}_${i}`, `relu${n}_${i}`]).concat(`pool${n}`, `drop${n}`);
    expect(model.layers.map(({ name }) => name)).toEqual([
      'input',
      ...block(1),
      ...block(2),
      ...block(3),
      ...['flatten', 'fc1', 'bn_fc1', 'relu_fc1', 'drop_fc1', 'fc2'],
    ]);
    model.dispose();
  });

  it.each(['simd', 'wasm', 'cpu'])(
    'is equal to Keras for the same weights, layer by layer, on %s',
    async (backend) => {
      await tf.setBackend(backend);
      const model = buildModel('cifar10-bn-6conv');
      const forward = golden.forward[0] as Forward;
      model.layers
        .flatMap((layer) => layer.weights)
        .forEach((variable, i) => {
          const { k, weight, shape } = forward.weights_in_order[i];
          tf.tidy(() => void variable.write(tf.tensor(goldenWeights(k, weight, shape), shape)));
        });
      const pixels = Float32Array.from(
        { length: 2 * 32 * 32 * 3 },
        (_, i) => 0.5 + 0.5 * Math.sin(i * 0.11) * Math.cos(i * 0.0007),
      );
      const probe = tf.model({
        inputs: model.inputs,
        outputs: model.layers.slice(1).map((layer) => layer.output as tf.SymbolicTensor),
      });
      const outputs = tf.tidy(() =>
        (probe.predict(tf.tensor(pixels, [2, 32, 32, 3])) as tf.Tensor[]).map((tensor) => tensor.dataSync()),
      );
      forward.layers.forEach(({ first8, ...expected }, i) => {
        const values = [...outputs[i]];
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
        const [min, max] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
        const statistics = [mean, std, min, max, ...values.slice(0, 8)];
        const tolerance = 1e-4 * Math.max(Math.abs(expected.min), Math.abs(expected.max));
        [expected.mean, expected.std, expected.min, expected.max, ...first8].forEach((value, k) =>
          expect(Math.abs(statistics[k] - value), `${model.layers[i + 1].name} ${k}`).toBeLessThan(tolerance),
        );
      });
      const expected = forward.softmax.flat();
      outputs.at(-1)!.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-5));
      model.dispose();
      await tf.setBackend('wasm');
    },
  );

  it('has the same initial weights for the same seed, and others for another seed', () => {
    const firstWeights = (seed: number) =>
      tf.tidy(() => {
        const model = buildModel('cifar10-bn-6conv', { seed });
        const values = model.getWeights().map((weight) => [...weight.dataSync().subarray(0, 64)]);
        model.dispose();
        return values;
      });
    expect(firstWeights(3)).toEqual(firstWeights(3));
    expect(firstWeights(3)[0]).not.toEqual(firstWeights(4)[0]);
    // Layers of the same shape differ too.
    expect(new Set(firstWeights(3).map(String)).size).toBeGreaterThan(8);
  });
});

describe('buildModel', () => {
  it('accepts another input shape and number of classes', () => {
    const model = buildModel('shapes-3conv', { inputShape: [28, 28, 1], classes: 4 });
    expect(model.inputs[0].shape).toEqual([null, 28, 28, 1]);
    expect(model.outputs[0].shape).toEqual([null, 4]);
    model.dispose();
  });

  it('lists all names for an unknown name', () => {
    expect(() => buildModel('resnet9000')).toThrow(
      new InputError(`Expected architecture to be one of ${architectureNames.join(', ')}, got "resnet9000"`),
    );
    expect(() => buildModel('toString')).toThrow('Expected architecture to be one of');
  });
});

/** A model of one layer. */
const linear: Architecture = {
  id: 'linear',
  inputShape: [4, 4, 1],
  classes: 3,
  build: ({ inputShape = [4, 4, 1], classes = 3, seed = 0 } = {}) =>
    tf.sequential({
      name: 'linear',
      layers: [
        tf.layers.flatten({ inputShape }),
        tf.layers.dense({
          units: classes,
          activation: 'softmax',
          kernelInitializer: tf.initializers.glorotUniform({ seed: initializerSeed(seed, 'dense') }),
        }),
      ],
    }),
};

describe('an architecture of your own', () => {
  it('is built beside the built-in ones from an extended list', () => {
    const architectures = extend(ARCHITECTURES, [linear]);
    const model = buildModel('linear', { classes: 2 }, { architectures });
    expect([model.name, model.outputs[0].shape]).toEqual(['linear', [null, 2]]);
    model.dispose();
    const small = buildModel('mnist-small', {}, { architectures });
    expect(small.name).toBe('mnist-small');
    small.dispose();
    expect(() => buildModel('linear')).toThrow('Expected architecture to be one of cifar10-bn-6conv');
    expect(() => extend(architectures, [linear])).toThrow('got "linear" twice');
  });
});

interface Forward {
  readonly weights_in_order: readonly { k: number; weight: string; shape: number[] }[];
  readonly softmax: readonly (readonly number[])[];
  readonly layers: readonly {
    readonly mean: number;
    readonly std: number;
    readonly min: number;
    readonly max: number;
    readonly first8: readonly number[];
  }[];
}

/** The weights of the fixture: kernels from a 32-bit hash at He-uniform scale, the others from a sine. */
function goldenWeights(k: number, weight: string, shape: number[]): Float32Array {
  const size = shape.reduce((product, value) => product * value, 1);
  const limit = Math.sqrt(6 / shape.slice(0, -1).reduce((product, value) => product * value, 1));
  return Float32Array.from({ length: size }, (_, i) => {
    const v = 0.05 * Math.sin(i * 0.37 + k);
    if (weight === 'gamma') return 1 + v;
    if (weight === 'moving_variance') return 1 + Math.abs(v);
    if (weight !== 'kernel') return v;
    let h = (i + k * 0x9e3779b1) >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
    h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
    h = (h ^ (h >>> 15)) >>> 0;
    return ((2 * h) / 2 ** 32 - 1) * limit;
  });
}
