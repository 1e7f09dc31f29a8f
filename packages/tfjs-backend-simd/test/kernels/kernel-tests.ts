import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../../src/backend.js';
import { setThreadsCount } from '../../src/index.js';

/** Seeded random integers from 0 to `below` - 1 (the linear congruential generator of Numerical Recipes). */
function seededIntegers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Random = ReturnType<typeof seededIntegers>;

/** Random values from -4 to 4 in steps of 1/64, so that some are equal and some are 0. */
const randomTensor = (random: Random, shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random(513) / 64 - 4),
    shape,
  );

const randomSizes = (random: Random, rank: number, below: number) =>
  Array.from({ length: rank }, () => 1 + random(below));

const simd = () => tf.engine().findBackend('simd') as unknown as SimdBackend;

async function useThreads(count: number) {
  await setThreadsCount(count);
  while (simd().threadPool.readyCount < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

interface Result {
  shape: number[];
  dtype: tf.DataType;
  values: Float32Array | Int32Array | Uint8Array;
}

/** The results of an operation on a backend, on random inputs that depend on the seed only. */
function compute(backend: string, seed: number, work: (random: Random) => tf.Tensor | tf.Tensor[]): Result[] {
  tf.setBackend(backend);
  return tf.tidy(() => {
    const result = work(seededIntegers(seed));
    return (Array.isArray(result) ? result : [result]).map((tensor) => ({
      shape: tensor.shape,
      dtype: tensor.dtype,
      values: tensor.dataSync(),
    }));
  });
}

/** Tests each kernel on inputs of these seeds. Those of every fourth seed are large. */
export function testKernels(seeds: readonly number[]): void {
  beforeAll(async () => {
    await tf.setBackend('simd');
  });
  afterAll(() => setThreadsCount(1));

  /**
   * An operation on random inputs of random shapes. `large`: for every fourth seed, sizes that are divided into
   * chunks.
   */
  type Work = (random: Random, large: boolean) => tf.Tensor | tf.Tensor[];

  function itAgrees(name: string, work: Work, tolerance = 2e-6) {
    it(`${name}: agrees with the cpu backend, the same bits for 1 and 2 threads, frees memory`, async () => {
      const runs = seeds.map((seed) => {
        const run = (random: Random) => work(random, seed % 4 === 0);
        return { seed, run, expected: compute('cpu', seed, run), singleThreaded: [] as Result[] };
      });
      for (const count of [1, 2]) {
        tf.setBackend('simd');
        await useThreads(count);
        for (const { seed, run, expected, singleThreaded } of runs) {
          const before = simd().threadPool.memory.bytesUsed;
          const actual = compute('simd', seed, run);
          expect(simd().threadPool.memory.bytesUsed).toBe(before);
          actual.forEach((tensor, i) => {
            const { values, ...rest } = expected[i];
            expect(tensor).toMatchObject(rest);
            expectClose(tensor.values, values, tolerance);
          });
          if (count === 1) singleThreaded.push(...actual);
          else
            actual.forEach((tensor, i) =>
              expect(hasSameBits(tensor.values, singleThreaded[i].values)).toBe(true),
            );
        }
      }
    });
  }

  const hasSameBits = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    a.length === b.length && Array.prototype.every.call(a, (value, i) => Object.is(value, b[i]));

  /** Asserts |a - b| <= tolerance * max|b|, with the same non-finite values at the same positions. */
  function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number) {
    let largest = 0;
    for (let i = 0; i < b.length; i++) if (Number.isFinite(b[i])) largest = Math.max(largest, Math.abs(b[i]));
    expect(a.length).toBe(b.length);
    for (let i = 0; i < b.length; i++) {
      const isClose = Number.isFinite(b[i])
        ? Math.abs(a[i] - b[i]) <= tolerance * largest
        : Object.is(a[i], b[i]);
      if (!isClose) expect(`value ${i}: ${a[i]}`).toBe(`value ${i}: ${b[i]}`);
    }
  }

  const randomShape = (random: Random, large: boolean) =>
    large ? [2 + random(2), 64, 64, 3 + random(6)] : randomSizes(random, 1 + random(4), 9);

  describe('unary operations', () => {
    const functions: Record<string, (x: tf.Tensor) => tf.Tensor> = {
      ...{
        abs: tf.abs,
        ceil: tf.ceil,
        elu: tf.elu,
        erf: tf.erf,
        exp: tf.exp,
        expm1: tf.expm1,
        floor: tf.floor,
      },
      ...{ log: tf.log, log1p: tf.log1p, neg: tf.neg, relu: tf.relu, relu6: tf.relu6, round: tf.round },
      ...{
        rsqrt: tf.rsqrt,
        selu: tf.selu,
        sigmoid: tf.sigmoid,
        sign: tf.sign,
        softplus: tf.softplus,
        sqrt: tf.sqrt,
      },
      ...{ square: tf.square, tanh: tf.tanh, reciprocal: tf.reciprocal },
      leakyRelu: (x) => tf.leakyRelu(x, 0.1),
      clipByValue: (x) => tf.clipByValue(x, -1, 2),
      step: (x) => tf.step(x, 0.25),
    };
    for (const [name, f] of Object.entries(functions))
      itAgrees(name, (random, large) => f(randomTensor(random, randomShape(random, large))));

    it('agree with the cpu backend on NaN, infinities and denormals', () => {
      const special = [
        NaN,
        Infinity,
        -Infinity,
        1e-40,
        -1e-40,
        3e38,
        -3e38,
        88.5,
        -88.5,
        -103,
        1e-7,
        -1e-7,
        104,
        0,
      ];
      for (const [name, f] of Object.entries(functions)) {
        const [expected] = compute('cpu', 1, () => f(tf.tensor1d(special)));
        const [actual] = compute('simd', 1, () => f(tf.tensor1d(special)));
        special.forEach((x, i) => {
          const [a, b] = [actual.values[i], expected.values[i]];
          const isClose = a === b || (a !== a && b !== b) || Math.abs(a - b) <= 3e-6 * Math.abs(b) + 1e-38;
          // Both backends approximate erf, with an absolute error.
          if (!isClose && name !== 'erf') expect(`${name}(${x}) = ${a}`).toBe(`${name}(${x}) = ${b}`);
        });
      }
    });
  });

  describe('binary operations', () => {
    /** A shape and one that is broadcast to it, with sizes of 1 and without leading dimensions. */
    const broadcastShapes = (random: Random, large: boolean): [number[], number[]] => {
      const shape = randomShape(random, large);
      const other = shape
        .map((size) => (random(3) === 0 ? 1 : size))
        .slice(random(3) === 0 ? random(shape.length) : 0);
      return random(2) ? [shape, other] : [other, shape];
    };
    const functions = {
      ...{ add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, maximum: tf.maximum, minimum: tf.minimum },
      ...{
        squaredDifference: tf.squaredDifference,
        greater: tf.greater,
        lessEqual: tf.lessEqual,
        equal: tf.equal,
      },
    };
    for (const [name, f] of Object.entries(functions))
      itAgrees(name, (random, large) => {
        const [a, b] = broadcastShapes(random, large);
        return f(randomTensor(random, a), randomTensor(random, b)) as tf.Tensor;
      });
    itAgrees('pow', (random, large) => {
      const [a, b] = broadcastShapes(random, large);
      return [
        tf.pow(randomTensor(random, a), tf.round(randomTensor(random, b))),
        tf.pow(tf.abs(randomTensor(random, a)), randomTensor(random, b)),
        tf.pow(randomTensor(random, a), 2),
      ];
    });
    itAgrees('where', (random, large) => {
      const shape = randomShape(random, large);
      return tf.where(
        tf.greater(randomTensor(random, shape), 0),
        randomTensor(random, shape),
        randomTensor(random, shape),
      );
    });
    itAgrees('logicalAnd and logicalOr', (random, large) => {
      const shape = randomShape(random, large);
      const [a, b] = [tf.greater(randomTensor(random, shape), 0), tf.less(randomTensor(random, shape), 1)];
      return [tf.logicalAnd(a, b), tf.logicalOr(a, b)];
    });
    itAgrees('addN', (random, large) => {
      const shape = randomShape(random, large);
      return tf.addN([randomTensor(random, shape), randomTensor(random, shape), randomTensor(random, shape)]);
    });
    itAgrees('cast', (random, large) =>
      tf.cast(tf.greater(randomTensor(random, randomShape(random, large)), 0), 'float32'),
    );
  });

  describe('reductions', () => {
    const reductions = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min };
    for (const [name, f] of Object.entries(reductions))
      itAgrees(name, (random, large) => {
        const shape = randomShape(random, large);
        const axes = shape.map((_, axis) => axis).filter(() => random(2) === 0);
        return f(randomTensor(random, shape), random(4) ? axes : undefined, random(2) === 0);
      });
    itAgrees('softmax', (random, large) => tf.softmax(randomTensor(random, randomShape(random, large))));
  });

  describe('matrix products', () => {
    const matrices = (random: Random, large: boolean) => {
      const [m, k, n] = large ? [70 + random(70), 300, 250 + random(50)] : randomSizes(random, 3, 40);
      const [transposeA, transposeB] = [random(2) === 0, random(2) === 0];
      const shape = (rows: number, columns: number, isTransposed: boolean) =>
        isTransposed ? [columns, rows] : [rows, columns];
      return { m, n, a: shape(m, k, transposeA), b: shape(k, n, transposeB), transposeA, transposeB };
    };
    itAgrees('matMul', (random, large) => {
      const { a, b, transposeA, transposeB } = matrices(random, large);
      return tf.matMul(randomTensor(random, a), randomTensor(random, b), transposeA, transposeB);
    });
    itAgrees('matMul of batches', (random, large) => {
      const { a, b, transposeA, transposeB } = matrices(random, large && random(2) === 0);
      // Where both are broadcast the cpu backend is wrong: see broadcast-matmul.test.ts.
      const [batchA, batchB] = [
        [[3], [3]],
        [[1], [4]],
        [[5], [1]],
        [
          [2, 3],
          [2, 3],
        ],
      ][random(4)];
      return tf.matMul(
        randomTensor(random, [...batchA, ...a]),
        randomTensor(random, [...batchB, ...b]),
        transposeA,
        transposeB,
      );
    });
    itAgrees('fused matMul', (random, large) => {
      const { n, ...shapes } = matrices(random, large);
      const activation = (['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const)[random(6)];
      return tf.fused.matMul({
        ...{
          a: randomTensor(random, shapes.a) as tf.Tensor2D,
          b: randomTensor(random, shapes.b) as tf.Tensor2D,
        },
        ...{ transposeA: shapes.transposeA, transposeB: shapes.transposeB, activation, leakyreluAlpha: 0.2 },
        bias: random(4) ? randomTensor(random, [n]) : undefined,
      });
    });
  });

  describe('pooling', () => {
    const images = (random: Random, large: boolean) =>
      randomTensor(
        random,
        large
          ? [2, 64, 64, 12 + random(9)]
          : [...randomSizes(random, 1, 4), 4 + random(9), 4 + random(9), 1 + random(9)],
      );
    const poolSettings = (random: Random) => ({
      window: [1 + random(4), 1 + random(4)] as [number, number],
      strides: [1 + random(3), 1 + random(3)] as [number, number],
      pad: (['same', 'valid'] as const)[random(2)],
    });
    const withGradient =
      (pool: (x: tf.Tensor4D, random: Random) => tf.Tensor): Work =>
      (random, large) => {
        const x = images(random, large) as tf.Tensor4D;
        const seed = random(1000);
        const y = pool(x, seededIntegers(seed));
        const dy = randomTensor(random, y.shape);
        return [y, tf.grad((x) => pool(x as tf.Tensor4D, seededIntegers(seed)))(x, dy)];
      };
    const randomSettings = (pool: typeof tf.maxPool) => (x: tf.Tensor4D, random: Random) => {
      const { window, strides, pad } = poolSettings(random);
      return pool(x, window, strides, pad);
    };
    itAgrees('maxPool and its gradient', withGradient(randomSettings(tf.maxPool)));
    itAgrees('avgPool and its gradient', withGradient(randomSettings(tf.avgPool)));
    itAgrees(
      '2x2 maxPool at stride 2 and its gradient',
      withGradient((x) => tf.maxPool(x, 2, 2, 'same')),
    );
    itAgrees(
      '1x1 pooling at stride 2 and its gradient',
      withGradient((x, random) => (random(2) ? tf.maxPool(x, 1, 2, 'same') : tf.avgPool(x, 1, 2, 'valid'))),
    );
    itAgrees(
      '2x2 avgPool at stride 2 and its gradient',
      withGradient((x) => tf.avgPool(x, 2, 2, 'valid')),
    );
  });

  describe('normalization', () => {
    itAgrees('batchNorm with statistics of the shape of x', (random, large) => {
      const shape = randomShape(random, large).slice(0, 4);
      const [x, mean, scale, offset] = [1, 2, 3, 4].map(() => randomTensor(random, shape));
      const variance = tf.abs(randomTensor(random, shape));
      const [hasScale, hasOffset] = [random(2) > 0, random(2) > 0];
      return tf.batchNorm(
        ...([x, mean, variance] as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D]),
        (hasOffset ? offset : undefined) as tf.Tensor3D,
        (hasScale ? scale : undefined) as tf.Tensor3D,
      );
    });
  });

  describe('resizing', () => {
    itAgrees('resizeBilinear and its gradient', (random, large) => {
      // Square images: for others, the gradient of the cpu backend swaps height and width.
      const [count, side, channels] = large ? [3, 40, 9] : randomSizes(random, 3, 7);
      const x = randomTensor(random, [count, side, side, channels]) as tf.Tensor4D;
      const size: [number, number] = [1 + random(2 * side), 1 + random(2 * side)];
      const [alignCorners, halfPixelCenters] = [random(2) > 0, random(2) > 0];
      const resize = (x: tf.Tensor) => tf.image.resizeBilinear(x as tf.Tensor4D, size, alignCorners);
      return [
        resize(x),
        tf.grad(resize)(x, randomTensor(random, [count, ...size, channels])),
        tf.image.resizeBilinear(x, size, alignCorners && !halfPixelCenters, halfPixelCenters),
      ];
    });
    itAgrees('resizeNearestNeighbor and its gradient', (random, large) => {
      // One image: for more, the gradient of the cpu backend reads the wrong ones.
      const [count, height, width, channels] = large ? [1, 40, 50, 9] : [1, ...randomSizes(random, 3, 6)];
      const x = randomTensor(random, [count, height, width, channels]) as tf.Tensor4D;
      const size: [number, number] = [
        height * (1 + random(3)),
        width * (1 + random(3)) + (random(4) ? 0 : 1),
      ];
      const resize = (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size);
      return [resize(x), tf.grad(resize)(x, randomTensor(random, [count, ...size, channels]))];
    });
  });

  describe('rearrangements', () => {
    itAgrees('transpose', (random, large) => {
      const shape = large ? [33, 3 + random(5), 40, 30] : randomSizes(random, 1 + random(4), 9);
      const perm = shape.map((_, i) => i);
      for (let i = perm.length - 1; i > 0; i--) {
        const j = random(i + 1);
        [perm[i], perm[j]] = [perm[j], perm[i]];
      }
      return tf.transpose(randomTensor(random, shape), perm);
    });
    itAgrees('pad', (random, large) => {
      const shape = randomShape(random, large);
      const paddings = shape.map(() => [random(3), random(3)] as [number, number]);
      return tf.pad(randomTensor(random, shape), paddings, random(3));
    });
    itAgrees('slice', (random, large) => {
      const shape = randomShape(random, large);
      const begin = shape.map((size) => random(size));
      const size = shape.map((size, i) => 1 + random(size - begin[i]));
      return tf.slice(randomTensor(random, shape), begin, size);
    });
    itAgrees('tile', (random, large) => {
      const shape = large ? [2, 40, 30, 7] : randomShape(random, large);
      return tf.tile(
        randomTensor(random, shape),
        shape.map(() => 1 + random(3)),
      );
    });
    itAgrees('the gradient of tile', (random) => {
      const shape = randomSizes(random, 1 + random(4), 5);
      const reps = shape.map(() => 1 + random(3));
      const x = randomTensor(random, shape);
      const y = tf.tile(x, reps);
      return tf.grad((x) => tf.tile(x, reps))(x, randomTensor(random, y.shape));
    });
    itAgrees('concat', (random, large) => {
      const shape = randomShape(random, large);
      const axis = random(shape.length);
      const parts = [1, 2, 3].map(() => shape.map((size, i) => (i === axis ? 1 + random(5) : size)));
      return tf.concat(
        parts.map((part) => randomTensor(random, part)),
        axis,
      );
    });
    itAgrees('split and unstack', (random, large) => {
      const shape = randomShape(random, large);
      const axis = random(shape.length);
      const first = random(shape[axis] + 1);
      const x = randomTensor(random, shape);
      return [...tf.split(x, [first, shape[axis] - first], axis), ...tf.unstack(x, axis)];
    });
    itAgrees('gather', (random, large) => {
      const shape = randomShape(random, large);
      const axis = random(shape.length);
      const indices = Array.from({ length: 1 + random(9) }, () => random(shape[axis]));
      return tf.gather(randomTensor(random, shape), tf.tensor1d(indices, 'int32'), axis);
    });
    itAgrees('zerosLike, onesLike and fill', (random, large) => {
      const x = randomTensor(random, randomShape(random, large));
      return [tf.zerosLike(x), tf.onesLike(x), tf.fill(x.shape, 1.5)];
    });

    it('keeps a slice when its source tensor is disposed', () => {
      tf.setBackend('simd');
      const x = tf.relu(tf.tensor1d([1, 2, 3, 4, 5]));
      const integers = tf.tensor1d([1, 2, 3, 4, 5], 'int32');
      const slices = [x.slice(1, 2), integers.slice(1, 2)];
      x.dispose();
      integers.dispose();
      const others = [tf.relu(tf.tensor1d([9, 9, 9, 9, 9])), tf.relu(tf.tensor1d([8, 8, 8, 8, 8]))];
      expect(slices.map((slice) => [...slice.dataSync()])).toEqual([
        [2, 3],
        [2, 3],
      ]);
      tf.dispose([slices, others]);
    });

    it('does not change an integer tensor that was cast to float32', () => {
      tf.setBackend('simd');
      const x = tf.tensor1d([1, 2, 3], 'int32');
      const y = tf.relu(tf.cast(x, 'float32'));
      expect([x.dataSync(), y.dataSync()]).toEqual([Int32Array.of(1, 2, 3), Float32Array.of(1, 2, 3)]);
      tf.dispose([x, y]);
    });
  });

  it('computes on the JavaScript heap if the shared memory is full', () => {
    tf.setBackend('simd');
    const { memory } = simd().threadPool;
    const x = tf.tensor2d([[1, -2]]);
    const blocks = [2 ** 28, 2 ** 22, 2 ** 16, 64].flatMap((bytes) => {
      const allocated: [number, number][] = [];
      try {
        for (;;) allocated.push([memory.allocate(bytes), bytes]);
      } catch {
        return allocated;
      }
    });
    const results = [tf.relu(x), tf.add(x, 1), tf.sum(x), tf.matMul(x, x, false, true), tf.transpose(x)];
    for (const [address, bytes] of blocks) memory.release(address, bytes);
    expect(results.map((result) => [...result.dataSync()])).toEqual([[1, 0], [2, -1], [-1], [5], [1, -2]]);
    tf.dispose([x, results]);
  });
}
