import { IDENTITY, normal, randomAt, type ImageObjective } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { visualizeFeatures } from '../../../src/index.js';
import { logOdds } from '../../../src/feature-visualization/objectives/log-odds.js';
import { readGraph } from '../../../src/model/model-graph.js';

beforeAll(() => tf.setBackend('cpu'));

const { layers } = tf;
const INPUTS = 6;
type Activation = 'linear' | 'sigmoid' | 'softmax';

const dense = (units: number, activation: Activation, seed: number) =>
  layers.dense({ units, activation, kernelInitializer: tf.initializers.randomNormal({ seed }) });

const classifier = (units: number, activation: Activation) =>
  tf.sequential({
    layers: [layers.flatten({ inputShape: [1, INPUTS, 1] }), dense(units, activation, units)],
  });

/** The average of two softmaxes: probabilities without logits. */
function ensemble(units: number): tf.LayersModel {
  const image = tf.input({ shape: [1, INPUTS, 1] });
  const flat = layers.flatten().apply(image) as tf.SymbolicTensor;
  const heads = [1, 2].map((seed) => dense(units, 'softmax', seed).apply(flat) as tf.SymbolicTensor);
  return tf.model({ inputs: image, outputs: layers.average().apply(heads) as tf.SymbolicTensor });
}

/** The logits of a softmax, and the log-odds of its classes, in float64. */
function exactLogOdds(logits: readonly number[]): number[] {
  return logits.map((logit, c) => {
    const others = logits.filter((_, k) => k !== c);
    const highest = Math.max(...others);
    return logit - highest - Math.log(others.reduce((sum, other) => sum + Math.exp(other - highest), 0));
  });
}

const random = randomAt(5, 'log-odds');
const randomLogits = (count: number, scale: number) =>
  Array.from({ length: count }, () => scale * normal(random));

describe('the log-odds of a softmax', () => {
  it.each([
    ['two classes', [0.3, -1.2]],
    ['equal logits', [1, 1, 1, 1]],
    ['two highest classes that are equal', [5, 2, 5, -3]],
    ['a class that is certain', [200, 0, 1, -80]],
    ['a class that is impossible', [-300, 0, 0.5]],
    ['ten classes', randomLogits(10, 3)],
    ['ten classes, some certain', randomLogits(10, 30)],
    ['200 classes', randomLogits(200, 1)],
  ])('are log(p / (1 - p)), and so is their gradient: %s', (_, logits) => {
    const graph = readGraph(classifier(logits.length, 'softmax'));
    const exact = exactLogOdds(logits);
    const values = logOdds(graph, tf.tensor2d([logits])).dataSync();
    for (const [c, value] of values.entries())
      expect(Math.abs(value - exact[c])).toBeLessThan(2e-6 * Math.max(10, Math.abs(exact[c])));

    const wanted = logits.indexOf(Math.min(...logits));
    const gradient = tf
      .grad((x) =>
        logOdds(graph, x as tf.Tensor2D)
          .gather([wanted], 1)
          .sum(),
      )(tf.tensor2d([logits]))
      .dataSync();
    // With respect to its own logit 1, to each other logit minus its part of the other probabilities.
    const highest = Math.max(...logits.filter((_, k) => k !== wanted));
    const terms = logits.map((logit, k) => (k === wanted ? 0 : Math.exp(logit - highest)));
    const sum = terms.reduce((a, b) => a + b);
    terms.forEach((term, k) => expect(gradient[k]).toBeCloseTo(k === wanted ? 1 : -term / sum, 5));
  });
});

describe('the margin that an image is optimized for', () => {
  const outputOf = (model: tf.LayersModel, pixels: Float32Array) =>
    tf.tidy(() => [
      ...(model.predict(tf.tensor4d(pixels, [1, 1, INPUTS, 1])) as tf.Tensor).dataSync(),
    ]) as number[];
  const oddsOf = (p: number) => Math.log(p / (1 - p));
  const softmax = (logits: number[]) => {
    const terms = logits.map((logit) => Math.exp(logit));
    return terms.map((term) => term / terms.reduce((a, b) => a + b));
  };

  it.each<[string, () => tf.LayersModel, number, (output: number[]) => number]>([
    ['a softmax', () => classifier(4, 'softmax'), 2, (output) => oddsOf(output[2])],
    ['logits', () => classifier(3, 'linear'), 0, (output) => oddsOf(softmax(output)[0])],
    ['one sigmoid unit', () => classifier(1, 'sigmoid'), 1, (output) => oddsOf(output[0])],
    ['the other class of it', () => classifier(1, 'sigmoid'), 0, (output) => oddsOf(1 - output[0])],
    ['several sigmoid units', () => classifier(3, 'sigmoid'), 1, (output) => oddsOf(output[1])],
    ['averaged probabilities', () => ensemble(3), 1, (output) => oddsOf(output[1])],
  ])('is the log-odds of the class, by its probability: %s', async (_, build, index, expected) => {
    const model = build();
    const objectives: ImageObjective[] = [{ kind: 'class', class: index }];
    const [image] = await visualizeFeatures(model, objectives, {
      preprocessing: IDENTITY,
      start: 'zeros',
      score: 'margin',
      optimizer: { kind: 'ascent', stepSize: 0.2 },
      steps: 3,
    });
    expect(image.finalValue).toBeCloseTo(expected(outputOf(model, image.pixels)), 3);
    expect(image.finalValue).toBeGreaterThan(image.initialValue);
    model.dispose();
  });

  it('raises a class above one whose logit rises with it', async () => {
    // The second class rises twice as fast as the first with the first input, and falls with the second.
    const model = tf.sequential({
      layers: [
        layers.flatten({ inputShape: [1, 2, 1] }),
        layers.dense({
          units: 2,
          weights: [
            tf.tensor2d([
              [1, 2],
              [0.5, -0.5],
            ]),
            tf.zeros([2]),
          ],
        }),
      ],
    });
    const options = { preprocessing: IDENTITY, start: 'zeros', range: 'clip', steps: 20 } as const;
    const probabilityBy = async (score: 'logit' | 'margin') => {
      const [{ pixels }] = await visualizeFeatures(model, [{ kind: 'class', class: 0 }], {
        ...options,
        score,
      });
      const output = tf.tidy(() => [
        ...(model.predict(tf.tensor4d(pixels, [1, 1, 2, 1])) as tf.Tensor).dataSync(),
      ]);
      return softmax(output)[0];
    };
    expect(await probabilityBy('logit')).toBeLessThan(0.5);
    expect(await probabilityBy('margin')).toBeGreaterThan(0.99);
  });
});
