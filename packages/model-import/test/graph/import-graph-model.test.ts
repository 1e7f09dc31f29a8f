import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { importGraphModel } from '../../src/index.js';
import { expectedOf, graphArtifacts, GRAPHS } from './graph-models.js';

beforeAll(async () => {
  await tf.setBackend('simd');
  await tf.ready();
});

const largestDifference = (actual: ArrayLike<number>, expected: readonly number[]) =>
  Math.max(...expected.map((value, i) => Math.abs(value - actual[i])));

/** The sum of an array, and its sum with the weights sin(0), sin(1), ... */
function sumsOf(values: ArrayLike<number>): [number, number] {
  const sums: [number, number] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sums[0] += values[i];
    sums[1] += values[i] * Math.sin(i);
  }
  return sums;
}

describe('importGraphModel', () => {
  it.each(GRAPHS)(
    'makes a layers model of %s that computes what TensorFlow does, in every node',
    async (name) => {
      const { shape, images, scores, sums } = expectedOf(name);
      const before = tf.memory().numTensors;
      const { model, warnings } = await importGraphModel(graphArtifacts(name));
      expect(warnings).toEqual([]);
      const layers = model.layers.filter((layer) => layer.name in sums);
      // Identities are no layers, and neither is what computes shapes.
      expect(layers.length).toBeGreaterThan(4);
      const probe = tf.model({
        inputs: model.inputs,
        outputs: layers.map(({ output }) => output as tf.SymbolicTensor),
      });
      tf.tidy(() => {
        const x = tf.tensor(images, shape);
        expect(largestDifference((model.predict(x) as tf.Tensor).dataSync(), scores.flat())).toBeLessThan(
          1e-5,
        );
        const outputs = [probe.predict(x)].flat();
        for (const [i, layer] of layers.entries()) {
          const actual = sumsOf(outputs[i].dataSync());
          const scale = outputs[i].size * Math.max(1, outputs[i].abs().max().dataSync()[0]);
          const difference = largestDifference(actual, sums[layer.name]) / scale;
          expect(difference, layer.name).toBeLessThan(1e-6);
        }
      });
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
