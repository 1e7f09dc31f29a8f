import * as tf from '@tensorflow/tfjs';
import { IDENTITY, normal, randomAt, type Images } from '@convlens/core';

const random = randomAt(7, 'tiny');

/** A dense layer on a flattened image: all attributions have a closed form. */
export function linearModel(
  weights: readonly number[][],
  { activation = 'linear' as 'linear' | 'softmax' } = {},
) {
  const [height, width, channels] = [2, 3, 1];
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [height, width, channels] }),
      tf.layers.dense({ units: weights[0].length, useBias: false, activation }),
    ],
  });
  tf.tidy(() => model.setWeights([tf.tensor2d(weights as number[][])]));
  return model;
}

/** One image of 2 x 3 pixels for `linearModel`. */
export const linearImage = (pixels: readonly number[]): Images => ({
  name: 'six levels',
  pixels: Float32Array.from(pixels),
  count: 1,
  height: 2,
  width: 3,
  channels: 1,
  classNames: ['yes', 'no'],
});

export const asIs = { preprocessing: IDENTITY } as const;

export const tinyImages: Images & { labels: Int32Array } = {
  name: 'grain',
  pixels: Uint8Array.from({ length: 2 * 49 }, () => Math.floor(256 * random())),
  labels: Int32Array.of(0, 1),
  count: 2,
  height: 7,
  width: 7,
  channels: 1,
  classNames: ['yes', 'no'],
};

/** All weights of `tinyModel`. */
const WEIGHTS = Array.from({ length: 38 }, () => normal(random));

/** The smallest model that every method can explain. */
export function tinyModel(): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        name: 'conv',
        filters: 2,
        kernelSize: 3,
        inputShape: [7, 7, 1],
        activation: 'relu',
      }),
      tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ name: 'scores', units: 2, activation: 'softmax' }),
    ],
  });
  let start = 0;
  tf.tidy(() =>
    model.setWeights(
      model.getWeights().map(({ shape, size }) => tf.tensor(WEIGHTS.slice(start, (start += size)), shape)),
    ),
  );
  return model;
}
