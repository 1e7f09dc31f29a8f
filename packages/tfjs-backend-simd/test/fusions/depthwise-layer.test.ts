import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import '../../src/index.js';

beforeAll(() => tf.setBackend('simd'));

type Padding = 'valid' | 'same';
const CASES: [rate: number | [number, number], padding: Padding, multiplier: number, useBias: boolean][] = [
  [2, 'valid', 1, true],
  [2, 'same', 1, false],
  [[1, 3], 'same', 2, true],
  [[3, 1], 'valid', 1, true],
  [3, 'same', 3, false],
];

it.each(CASES)(
  'a DepthwiseConv2D of dilation rate %o, %s, is by definition dilated',
  (dilationRate, padding, depthMultiplier, useBias) => {
    tf.tidy(() => {
      const [height, width, channels] = [9, 11, 3];
      const options = { kernelSize: 3, dilationRate, padding, depthMultiplier, useBias };
      // The types of TensorFlow.js allow only pairs of one number.
      const layer = tf.layers.depthwiseConv2d(options as never);
      const x = tf.randomNormal([2, height, width, channels], 0, 1, 'float32', 1);
      layer.build(x.shape);
      const seeds = layer
        .getWeights()
        .map((weight, i) => tf.randomNormal(weight.shape, 0, 1, 'float32', i + 2));
      layer.setWeights(seeds);
      const y = layer.apply(x) as tf.Tensor4D;
      expect(y.shape).toEqual(layer.computeOutputShape(x.shape));
      const [rateY, rateX] = [dilationRate, dilationRate].flat();
      const [padY, padX] = padding === 'same' ? [rateY, rateX] : [0, 0];
      const [images, filter, outputs] = [
        x.arraySync() as number[][][][],
        seeds[0].arraySync() as number[][][][],
        y.arraySync(),
      ];
      const bias = useBias ? (seeds[1].arraySync() as number[]) : [];
      outputs.forEach((image, n) =>
        image.forEach((row, i) =>
          row.forEach((pixel, j) =>
            pixel.forEach((value, o) => {
              const channel = Math.floor(o / depthMultiplier);
              let sum = bias[o] ?? 0;
              for (let a = 0; a < 3; a++)
                for (let b = 0; b < 3; b++)
                  sum +=
                    (images[n][i + a * rateY - padY]?.[j + b * rateX - padX]?.[channel] ?? 0) *
                    filter[a][b][channel][o % depthMultiplier];
              expect(value).toBeCloseTo(sum, 4);
            }),
          ),
        ),
      );
    });
  },
);

it.each(['simd', 'cpu'])(
  'a model with a dilated DepthwiseConv2D has the shapes of its results on %s',
  async (backend) => {
    await tf.setBackend(backend);
    const { layers } = tf;
    const model = tf.sequential({
      layers: [
        layers.depthwiseConv2d({
          kernelSize: 3,
          dilationRate: 2,
          inputShape: [9, 11, 3],
          strides: 1,
        } as never),
        layers.flatten(),
        layers.dense({ units: 2 }),
      ],
    });
    tf.tidy(() => {
      const y = model.predict(tf.ones([1, 9, 11, 3])) as tf.Tensor;
      expect([model.layers[0].outputShape, y.shape]).toEqual([
        [null, 5, 7, 3],
        [1, 2],
      ]);
    });
    model.dispose();
    await tf.setBackend('simd');
  },
);
