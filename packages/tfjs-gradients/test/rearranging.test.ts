import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { correctGradients } from '../src/index.js';
import { BACKENDS, expectGradients, useBackend } from './support/expect-gradients.js';
import { at, build, randomArray, type NdArray } from './support/nd-array.js';

beforeAll(correctGradients);

const int = (values: number[], shape: number[] = [values.length]) => tf.tensor(values, shape, 'int32');

/** An array whose value at each index is that of `x` at another. */
const pick = (shape: readonly number[], from: (index: number[]) => number[]) => (x: NdArray) =>
  build(shape, (index) => at(x, from(index)) ?? 0);

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(['reflect', 'symmetric'] as const)('padding by a mirror: %s', (mode) => {
    const mirrored = (i: number, before: number, size: number) => {
      const edge = mode === 'reflect' ? 0 : 1;
      const position = i - before;
      if (position < 0) return -position - edge;
      return position < size ? position : 2 * (size - 1) - position + edge;
    };
    it.each([
      [[4], [[3, 2]]],
      [
        [3, 4],
        [
          [1, 2],
          [2, 0],
        ],
      ],
      [
        [3, 4],
        [
          [0, 0],
          [0, 3],
        ],
      ],
      [
        [1, 3, 4, 2],
        [
          [0, 0],
          [2, 1],
          [1, 2],
          [0, 0],
        ],
      ],
      [
        [2, 3, 3],
        [
          [1, 1],
          [1, 2],
          [2, 2],
        ],
      ],
    ] as [number[], [number, number][]][])('%j by %j', (shape, paddings) =>
      expectGradients({
        inputs: [randomArray(shape, 1)],
        operation: (x: tf.Tensor) => tf.mirrorPad(x, paddings, mode),
        reference: pick(
          shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1]),
          (index) => index.map((i, axis) => mirrored(i, paddings[axis][0], shape[axis])),
        ),
      }),
    );
  });

  it.each([
    [[3], [3]],
    [
      [2, 3],
      [2, 1],
    ],
    [
      [1, 2, 1, 2],
      [2, 1, 3, 2],
    ],
    [
      [1, 2, 1, 2, 2],
      [2, 1, 3, 2, 1],
    ],
    [
      [1, 2, 1, 2, 2, 1],
      [2, 1, 3, 2, 1, 2],
    ],
  ])('tiling %j by %j', (shape, reps) =>
    expectGradients({
      inputs: [randomArray(shape, 2)],
      operation: (x: tf.Tensor) => tf.tile(x, reps),
      reference: pick(
        shape.map((size, axis) => size * reps[axis]),
        (index) => index.map((i, axis) => i % shape[axis]),
      ),
    }),
  );

  it.each([
    [
      [0, 1],
      [5, 6],
      [2, 2],
    ],
    [
      [1, 2],
      [4, 5],
      [1, 1],
    ],
    [
      [4, 5],
      [0, 0],
      [-2, -1],
    ],
    [
      [0, 5],
      [5, 1],
      [3, -2],
    ],
    [
      [3, 0],
      [5, 6],
      [1, 4],
    ],
  ])('the slice from %j to %j by %j', (begin, end, strides) => {
    const sizes = begin.map((first, axis) => Math.ceil((end[axis] - first) / strides[axis]));
    expectGradients({
      inputs: [randomArray([5, 6], 3)],
      operation: (x: tf.Tensor) => tf.stridedSlice(x, begin, end, strides),
      reference: pick(sizes, (index) => index.map((i, axis) => begin[axis] + i * strides[axis])),
    });
  });

  it.each([
    [0, [0, 2, 2, 3]],
    [1, [1, 1, 0]],
    [-1, [0, 1, 1]],
    [-2, [2, 0, 2]],
    [2, [1, 1, 1, 0]],
  ])('gathering along axis %i the indices %j', (axis, indices) => {
    const shape = [4, 3, 2];
    const position = (axis + 3) % 3;
    expectGradients({
      inputs: [randomArray(shape, 4)],
      operation: (x: tf.Tensor) => tf.gather(x, int(indices), axis),
      reference: pick(
        shape.map((size, i) => (i === position ? indices.length : size)),
        (index) => index.map((i, one) => (one === position ? indices[i] : i)),
      ),
    });
  });

  it('gathering, each batch with its indices', () =>
    expectGradients({
      inputs: [randomArray([2, 4, 3], 5)],
      operation: (x: tf.Tensor) => tf.gather(x, int([0, 2, 2, 3], [2, 2]), 1, 1),
      reference: pick([2, 2, 3], ([b, i, c]) => [b, [0, 2, 2, 3][2 * b + i], c]),
    }));

  it.each([1, 2, 3])('the parts that an array is split into: %i', (parts) =>
    expectGradients({
      inputs: [randomArray([2, 6], 6)],
      operation: (x: tf.Tensor) => tf.split(x, parts, 1)[parts - 1],
      reference: pick([2, 6 / parts], ([row, i]) => [row, i + 6 - 6 / parts]),
    }),
  );

  it.each([
    [[1, 3], 0],
    [[3, 1], 1],
    [[2, 3], -1],
  ])('unstacking %j along axis %i', (shape, axis) => {
    const position = (axis + 2) % 2;
    const last = shape[position] - 1;
    expectGradients({
      inputs: [randomArray(shape, 7)],
      operation: (x: tf.Tensor) => tf.unstack(x, axis)[last],
      reference: pick([shape[1 - position]], ([i]) => (position === 0 ? [last, i] : [i, last])),
    });
  });

  it.each([
    [[3, 2], [0, 1, 2, 2, 0, 1], [3]],
    [
      [3, 1],
      [0, 2, 2],
      [3, 3],
    ],
    [
      [2, 1],
      [3, 1],
      [2, 3],
    ],
  ])('single values or rows, by indices of shape %j: %j', (shape, indices, result) => {
    const length = shape[1];
    expectGradients({
      inputs: [randomArray([4, 3], 8)],
      operation: (x: tf.Tensor) => tf.gatherND(x, int(indices, shape)),
      reference: pick(result, ([i, ...rest]) => [...indices.slice(length * i, length * (i + 1)), ...rest]),
    });
  });

  it('values that are added at indices', () =>
    expectGradients({
      inputs: [randomArray([3, 2], 9)],
      operation: (x: tf.Tensor) => tf.scatterND(int([0, 3, 1], [3, 1]), x, [4, 2]),
      reference: pick([4, 2], ([row, c]) => [[0, 3, 1].indexOf([0, 1, -1, 3][row]), c]),
    }));

  it.each([
    [2, [1, 2, 3, 4]],
    [2, [2, 2, 1, 8]],
    [3, [1, 1, 2, 9]],
  ])('channels that become blocks of %i x pixels: %j', (block, shape) => {
    const [count, height, width, channels] = shape;
    const depth = channels / block ** 2;
    expectGradients({
      inputs: [randomArray(shape, 10)],
      operation: (x: tf.Tensor4D) => tf.depthToSpace(x, block),
      reference: pick([count, height * block, width * block, depth], ([n, i, j, c]) => [
        n,
        Math.floor(i / block),
        Math.floor(j / block),
        ((i % block) * block + (j % block)) * depth + c,
      ]),
    });
  });
});

describe('gathering with two batch dimensions', () => {
  const indices = [0, 2, 2, 1, 0, 0, 1, 1];

  // The wasm backend reads other memory in the forward pass.
  it('adds the gradients of all copies', async () => {
    await useBackend('cpu');
    expectGradients({
      inputs: [randomArray([2, 2, 3], 11)],
      operation: (x: tf.Tensor) => tf.gather(x, int(indices, [2, 2, 2]), 2, 2),
      reference: pick([2, 2, 2], ([a, b, i]) => [a, b, indices[4 * a + 2 * b + i]]),
    });
  });
});
