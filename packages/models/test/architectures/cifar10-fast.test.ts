import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildModel, cifar10Fast, summarizeModel } from '../../src/index.js';

beforeAll(() => tf.setBackend('wasm'));

describe('cifar10-fast', () => {
  it('has the layers of airbench94, and its number of parameters except for the first bias', () => {
    const model = buildModel('cifar10-fast');
    const block = (n: number) =>
      `conv${n}_1 pool${n} bn${n}_1 relu${n}_1 conv${n}_2 bn${n}_2 relu${n}_2`.split(' ');
    expect(model.layers.map(({ name }) => name)).toEqual([
      ...['input', 'conv0', 'relu0', ...block(1), ...block(2), ...block(3)],
      ...['pool4', 'flatten', 'fc1', 'scores', 'softmax'],
    ]);
    const kernels = [12 * 24, 9 * 24 * 64, 9 * 64 * 64, 9 * 64 * 256, ...Array(3).fill(9 * 256 * 256), 2560];
    const offsets = 2 * (64 + 256 + 256);
    const sum = kernels.reduce((total, count) => total + count, 0);
    const { parameters, trainableParameters } = summarizeModel(model);
    // Batch norm has two moving averages and a trainable offset per channel.
    expect([trainableParameters, parameters]).toEqual([sum + offsets, sum + 3 * offsets]);
    model.dispose();
  });

  it('is equal to the same network in PyTorch, layer by layer', () => {
    const golden = JSON.parse(
      readFileSync(new URL('../fixtures/cifar10-fast.json', import.meta.url), 'utf8'),
    );
    const waves = (shape: number[], phase: number, scale: number) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const values = Float32Array.from({ length: size }, (_, i) => scale * Math.sin(0.7 * i + phase));
      return tf.tensor(values, shape);
    };
    const model = cifar10Fast({ widths: golden.widths });
    tf.tidy(() => {
      for (const layer of model.layers) {
        const [, kind, block, position] = /^(conv|bn|fc)(\d)(?:_(\d))?/.exec(layer.name) ?? [];
        if (!kind) continue;
        const phase = 10 * Number(block) + (position === '2' ? 5 : 0);
        const [{ shape }] = layer.getWeights();
        const inputs = shape.slice(0, -1).reduce((product, length) => product * length, 1);
        if (kind === 'conv')
          layer.setWeights([waves(shape, layer.name === 'conv0' ? 1 : phase, 1 / Math.sqrt(inputs))]);
        if (kind === 'fc') layer.setWeights([waves(shape, 50, 1 / Math.sqrt(inputs))]);
        if (kind === 'bn')
          layer.setWeights([
            waves(shape, phase + 3, 0.2),
            waves(shape, phase + 1, 0.1),
            waves(shape, phase + 2, 0.5).add(1),
          ]);
      }
      const names = Object.keys(golden.means);
      const probe = tf.model({
        inputs: model.inputs,
        outputs: [...names, 'scores', 'softmax'].map(
          (name) => model.getLayer(name).output as tf.SymbolicTensor,
        ),
      });
      const outputs = probe.predict(waves([1, 32, 32, 3], 0.3, 1)) as tf.Tensor[];
      names.forEach((name, i) =>
        expect(outputs[i].mean().dataSync()[0], name).toBeCloseTo(golden.means[name], 5),
      );
      const [scores, probabilities] = outputs.slice(-2).map((tensor) => [...tensor.dataSync()]);
      scores.forEach((score, i) => expect(score).toBeCloseTo(golden.scores[i], 5));
      probabilities.forEach((value, i) => expect(value).toBeCloseTo(golden.probabilities[i], 5));
    });
    model.dispose();
  });

  it('initializes kernels that pass each channel on, beside random ones, by default', () => {
    const maxValues = (diracInit: boolean) => {
      const model = cifar10Fast({ widths: [30, 4, 4], diracInit, seed: 3 });
      const values = tf.tidy(() => {
        const x = tf.linspace(-1, 1, 5 * 5 * 24).reshape([1, 5, 5, 24]);
        const y = model.getLayer('conv1_1').apply(x) as tf.Tensor;
        const difference = y.slice([0, 0, 0, 0], [1, 5, 5, 24]).sub(x).abs().max();
        const random = y.slice([0, 0, 0, 24], [1, 5, 5, 6]).abs().max();
        return [difference.dataSync()[0], random.dataSync()[0]];
      });
      model.dispose();
      return values;
    };
    expect(maxValues(true)[0]).toBeLessThan(1e-6);
    expect(maxValues(true)[1]).toBeGreaterThan(0.01);
    expect(maxValues(false)[0]).toBeGreaterThan(0.1);
  });

  it('refuses a width of 0', () => {
    expect(() => cifar10Fast({ widths: [64, 0, 4] })).toThrow(
      'Expected widths[1] to be an integer >= 1, got 0',
    );
  });
});
