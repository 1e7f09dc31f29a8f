import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { correctGradients } from '../src/index.js';
import { BACKENDS, expectGradients, useBackend } from './support/expect-gradients.js';
import { at, build, randomArray, type NdArray } from './support/nd-array.js';

beforeAll(correctGradients);

interface Options {
  readonly size: readonly [number, number];
  readonly alignCorners: boolean;
  readonly halfPixel: boolean;
}

/** The coordinate in the input of a position along an axis. */
function source(position: number, from: number, to: number, { alignCorners, halfPixel }: Options): number {
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  return halfPixel ? scale * (position + 0.5) - 0.5 : scale * position;
}

const clamp = (i: number, size: number) => Math.min(size - 1, Math.max(0, i));

function bilinear(x: NdArray, options: Options): NdArray {
  const [count, height, width, channels] = x.shape;
  const [rows, columns] = options.size;
  return build([count, rows, columns, channels], ([n, i, j, c]) => {
    const [y, z] = [source(i, height, rows, options), source(j, width, columns, options)];
    const [top, left] = [Math.floor(y), Math.floor(z)];
    const value = (row: number, column: number) => at(x, [n, clamp(row, height), clamp(column, width), c])!;
    const line = (row: number) => value(row, left) * (1 - (z - left)) + value(row, left + 1) * (z - left);
    return line(top) * (1 - (y - top)) + line(top + 1) * (y - top);
  });
}

function nearest(x: NdArray, options: Options): NdArray {
  const [count, height, width, channels] = x.shape;
  const [rows, columns] = options.size;
  // The pixel that contains the position; with aligned corners the closest one.
  const pixel = (position: number, from: number, to: number) => {
    const coordinate = source(position, from, to, options) + (options.halfPixel ? 0.5 : 0);
    return clamp(options.alignCorners ? Math.round(coordinate) : Math.floor(coordinate + 1e-9), from);
  };
  return build([count, rows, columns, channels], ([n, i, j, c]) =>
    at(x, [n, pixel(i, height, rows), pixel(j, width, columns), c])!,
  );
}

const IMAGES = [
  [
    [3, 4],
    [6, 8],
  ],
  [
    [3, 3],
    [6, 6],
  ],
  [
    [4, 3],
    [3, 2],
  ],
  [
    [3, 5],
    [7, 7],
  ],
  [
    [5, 3],
    [2, 9],
  ],
  [
    [4, 4],
    [3, 7],
  ],
  [
    [1, 4],
    [3, 5],
  ],
] as const;

const GRIDS = [
  ['half-pixel centers', false, true],
  ['aligned corners', true, false],
  ['neither', false, false],
] as const;

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(GRIDS)('with %s', (_, alignCorners, halfPixel) => {
    it.each(IMAGES)('bilinear resizing of %j to %j', (image, size) =>
      expectGradients({
        inputs: [randomArray([2, ...image, 2], 1)],
        operation: (x: tf.Tensor4D) => tf.image.resizeBilinear(x, [...size], alignCorners, halfPixel),
        reference: (x) => bilinear(x, { size, alignCorners, halfPixel }),
      }),
    );

    it.each(IMAGES)('nearest resizing of %j to %j', (image, size) =>
      expectGradients({
        inputs: [randomArray([2, ...image, 2], 2)],
        operation: (x: tf.Tensor4D) => tf.image.resizeNearestNeighbor(x, [...size], alignCorners, halfPixel),
        reference: (x) => nearest(x, { size, alignCorners, halfPixel }),
      }),
    );
  });

  it('the gradient of the sum of an image that is doubled with half-pixel centers is 4 everywhere', () => {
    const sum = (x: tf.Tensor) => tf.sum(tf.image.resizeBilinear(x as tf.Tensor4D, [6, 6], false, true));
    const gradient = tf
      .grad(sum)(tf.ones([1, 3, 3, 1]))
      .dataSync();
    gradient.forEach((value) => expect(value).toBeCloseTo(4, 5));
  });

  it.each(['bilinear', 'nearest'] as const)('has a second-order gradient: %s', (interpolation) => {
    const resize = { nearest: tf.image.resizeNearestNeighbor, bilinear: tf.image.resizeBilinear };
    const f = (x: tf.Tensor) =>
      tf.sum(tf.square(resize[interpolation](x as tf.Tensor4D, [3, 5], false, true)));
    // f is quadratic, so that the gradient of x . grad f(x) is 2 grad f(x).
    const x = tf.range(1, 7).reshape([1, 2, 3, 1]);
    const product = tf
      .grad((y) => tf.sum(tf.mul(y, tf.grad(f as never)(y))))(x)
      .dataSync();
    const gradient = tf
      .grad(f as never)(x)
      .dataSync();
    gradient.forEach((value, i) => expect(product[i] / (2 * value)).toBeCloseTo(1, 4));
  });
});

describe('crops of images', () => {
  const boxes = [
    [0, 0, 0.95, 0.9],
    [0.25, 0.1, 0.75, 0.6],
    [0.9, 0.23, 0.1, 0.77],
    [-0.2, 0.5, 0.5, 1.3],
    [0.3, 0.3, 0.3, 0.3],
  ];
  const images = [0, 1, 1, 0, 1];

  /** Each crop resized bilinearly, with 0 outside of the image. */
  const crop = (x: NdArray, [rows, columns]: readonly [number, number]): NdArray =>
    build([boxes.length, rows, columns, x.shape[3]], ([b, i, j, c]) => {
      const coordinate = (position: number, count: number, low: number, high: number, size: number) =>
        (low + (count > 1 ? (position * (high - low)) / (count - 1) : (high - low) / 2)) * (size - 1);
      const [top, left, bottom, right] = boxes[b];
      const y = coordinate(i, rows, top, bottom, x.shape[1]);
      const z = coordinate(j, columns, left, right, x.shape[2]);
      if (y < 0 || y > x.shape[1] - 1 || z < 0 || z > x.shape[2] - 1) return 0;
      const value = (row: number, column: number) =>
        at(x, [images[b], clamp(row, x.shape[1]), clamp(column, x.shape[2]), c])!;
      const [row, column] = [Math.floor(y), Math.floor(z)];
      const line = (at: number) =>
        value(at, column) * (1 - z + column) + value(at, column + 1) * (z - column);
      return line(row) * (1 - y + row) + line(row + 1) * (y - row);
    });

  it.each([
    [3, 3],
    [2, 5],
    [1, 4],
    [4, 1],
    [6, 2],
  ] as const)('of %i x %i', async (...size) => {
    for (const backend of BACKENDS) {
      await useBackend(backend);
      expectGradients({
        inputs: [randomArray([2, 5, 6, 2], 3)],
        operation: (x: tf.Tensor4D) =>
          tf.image.cropAndResize(x, tf.tensor2d(boxes), tf.tensor1d(images, 'int32'), [...size]),
        reference: (x) => crop(x, size),
      });
    }
  });

  it('a flipped image', async () => {
    await useBackend('cpu');
    expectGradients({
      inputs: [randomArray([1, 3, 4, 2], 4)],
      operation: (x: tf.Tensor4D) => tf.image.flipLeftRight(x),
      reference: (x) => build(x.shape, ([n, i, j, c]) => at(x, [n, i, x.shape[2] - 1 - j, c])!),
    });
  });
});
