import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from '../src/backend.js';
import { setThreadsCount } from '../src/index.js';

/** Whole numbers from 0, the same in every run (a linear congruential generator of Numerical Recipes). */
function generator(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Random = ReturnType<typeof generator>;

/** Values from -4 to 4 in steps of 1/64, so that some are equal and some are 0. */
const values = (random: Random, shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random(513) / 64 - 4),
    shape,
  );

const sizes = (random: Random, rank: number, below: number) =>
  Array.from({ length: rank }, () => 1 + random(below));

const simd = () => tf.engine().findBackend('simd') as unknown as SimdBackend;

async function useThreads(count: number) {
  await setThreadsCount(count);
  while (simd().threads.ready < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

interface Outcome {
  shape: number[];
  dtype: tf.DataType;
  values: Float32Array | Int32Array | Uint8Array;
}

/** What an operation gives on a backend for inputs that depend on the seed alone. */
function outcome(
  backend: string,
  seed: number,
  work: (random: Random) => tf.Tensor | tf.Tensor[],
): Outcome[] {
  tf.setBackend(backend);
  return tf.tidy(() => {
    const result = work(generator(seed));
    return (Array.isArray(result) ? result : [result]).map((tensor) => ({
      shape: tensor.shape,
      dtype: tensor.dtype,
      values: tensor.dataSync(),
    }));
  });
}

beforeAll(async () => {
  await tf.setBackend('simd');
});
afterAll(() => setThreadsCount(1));

/** An operation on random inputs of random shapes; large ones, which threads share, at every fourth seed. */
type Work = (random: Random, large: boolean) => tf.Tensor | tf.Tensor[];

function agrees(name: string, work: Work, tolerance = 2e-6) {
  it(`${name}: as on the cpu, with one thread and with two to the same bits, and gives its memory back`, async () => {
    const runs = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const run = (random: Random) => work(random, seed % 4 === 0);
      return { seed, run, expected: outcome('cpu', seed, run), first: [] as Outcome[] };
    });
    for (const count of [1, 2]) {
      tf.setBackend('simd');
      await useThreads(count);
      for (const one of runs) {
        const before = simd().threads.memory.bytesUsed;
        const actual = outcome('simd', one.seed, one.run);
        expect(simd().threads.memory.bytesUsed).toBe(before);
        actual.forEach((tensor, i) => {
          const { values, ...rest } = one.expected[i];
          expect(tensor).toMatchObject(rest);
          expectClose(tensor.values, values, tolerance);
        });
        if (count === 1) one.first = actual;
        else
          actual.forEach((tensor, i) => expect(hasSameBits(tensor.values, one.first[i].values)).toBe(true));
      }
    }
  });
}

const hasSameBits = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  a.length === b.length && Array.prototype.every.call(a, (value, i) => Object.is(value, b[i]));

/** |a - b| <= tolerance * max|b|, and what is not finite at the same places. */
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

const anyShape = (random: Random, large: boolean) =>
  large ? [2 + random(2), 64, 64, 3 + random(6)] : sizes(random, 1 + random(4), 9);

describe('functions of one value', () => {
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
    agrees(name, (random, large) => f(values(random, anyShape(random, large))));

  it('keep NaN, infinities and denormals as the cpu backend does', () => {
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
      const [expected] = outcome('cpu', 1, () => f(tf.tensor1d(special)));
      const [actual] = outcome('simd', 1, () => f(tf.tensor1d(special)));
      special.forEach((x, i) => {
        const [a, b] = [actual.values[i], expected.values[i]];
        const isClose = a === b || (a !== a && b !== b) || Math.abs(a - b) <= 3e-6 * Math.abs(b) + 1e-38;
        // erf is an approximation with an absolute error, here and there.
        if (!isClose && name !== 'erf') expect(`${name}(${x}) = ${a}`).toBe(`${name}(${x}) = ${b}`);
      });
    }
  });
});

describe('functions of two values', () => {
  /** A shape, and one that is broadcast to it: each size may be 1, and leading ones may be left out. */
  const pair = (random: Random, large: boolean): [number[], number[]] => {
    const shape = anyShape(random, large);
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
    agrees(name, (random, large) => {
      const [a, b] = pair(random, large);
      return f(values(random, a), values(random, b)) as tf.Tensor;
    });
  agrees('pow', (random, large) => {
    const [a, b] = pair(random, large);
    return [
      tf.pow(values(random, a), tf.round(values(random, b))),
      tf.pow(tf.abs(values(random, a)), values(random, b)),
      tf.pow(values(random, a), 2),
    ];
  });
  agrees('where', (random, large) => {
    const shape = anyShape(random, large);
    return tf.where(tf.greater(values(random, shape), 0), values(random, shape), values(random, shape));
  });
  agrees('logicalAnd and logicalOr', (random, large) => {
    const shape = anyShape(random, large);
    const [a, b] = [tf.greater(values(random, shape), 0), tf.less(values(random, shape), 1)];
    return [tf.logicalAnd(a, b), tf.logicalOr(a, b)];
  });
  agrees('addN', (random, large) => {
    const shape = anyShape(random, large);
    return tf.addN([values(random, shape), values(random, shape), values(random, shape)]);
  });
  agrees('cast', (random, large) =>
    tf.cast(tf.greater(values(random, anyShape(random, large)), 0), 'float32'),
  );
});

describe('reductions', () => {
  const reductions = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min };
  for (const [name, f] of Object.entries(reductions))
    agrees(name, (random, large) => {
      const shape = anyShape(random, large);
      const axes = shape.map((_, axis) => axis).filter(() => random(2) === 0);
      return f(values(random, shape), random(4) ? axes : undefined, random(2) === 0);
    });
  agrees('softmax', (random, large) => tf.softmax(values(random, anyShape(random, large))));
});

describe('products of matrices', () => {
  const matrices = (random: Random, large: boolean) => {
    const [m, k, n] = large ? [70 + random(70), 300, 250 + random(50)] : sizes(random, 3, 40);
    const [transposeA, transposeB] = [random(2) === 0, random(2) === 0];
    const shape = (rows: number, columns: number, isTransposed: boolean) =>
      isTransposed ? [columns, rows] : [rows, columns];
    return { m, n, a: shape(m, k, transposeA), b: shape(k, n, transposeB), transposeA, transposeB };
  };
  agrees('matMul', (random, large) => {
    const { a, b, transposeA, transposeB } = matrices(random, large);
    return tf.matMul(values(random, a), values(random, b), transposeA, transposeB);
  });
  agrees('matMul of batches', (random, large) => {
    const { a, b, transposeA, transposeB } = matrices(random, large && random(2) === 0);
    const [batchA, batchB] = [
      [[3], [3]],
      [[1], [4]],
      [[5], [1]],
      [
        [2, 3],
        [2, 3],
      ],
      [
        [2, 1],
        [1, 3],
      ],
    ][random(5)];
    return tf.matMul(
      values(random, [...batchA, ...a]),
      values(random, [...batchB, ...b]),
      transposeA,
      transposeB,
    );
  });
  agrees('fused matMul', (random, large) => {
    const { n, ...shapes } = matrices(random, large);
    const activation = (['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const)[random(6)];
    return tf.fused.matMul({
      ...{ a: values(random, shapes.a) as tf.Tensor2D, b: values(random, shapes.b) as tf.Tensor2D },
      ...{ transposeA: shapes.transposeA, transposeB: shapes.transposeB, activation, leakyreluAlpha: 0.2 },
      bias: random(4) ? values(random, [n]) : undefined,
    });
  });
});

describe('pooling', () => {
  const images = (random: Random, large: boolean) =>
    values(
      random,
      large
        ? [2, 64, 64, 12 + random(9)]
        : [...sizes(random, 1, 4), 4 + random(9), 4 + random(9), 1 + random(9)],
    );
  const settings = (random: Random) => ({
    window: [1 + random(4), 1 + random(4)] as [number, number],
    strides: [1 + random(3), 1 + random(3)] as [number, number],
    pad: (['same', 'valid'] as const)[random(2)],
  });
  const both =
    (pool: (x: tf.Tensor4D, random: Random) => tf.Tensor): Work =>
    (random, large) => {
      const x = images(random, large) as tf.Tensor4D;
      const seed = random(1000);
      const y = pool(x, generator(seed));
      const dy = values(random, y.shape);
      return [y, tf.grad((x) => pool(x as tf.Tensor4D, generator(seed)))(x, dy)];
    };
  const of = (pool: typeof tf.maxPool) => (x: tf.Tensor4D, random: Random) => {
    const { window, strides, pad } = settings(random);
    return pool(x, window, strides, pad);
  };
  agrees('maxPool and its gradient', both(of(tf.maxPool)));
  agrees('avgPool and its gradient', both(of(tf.avgPool)));
  agrees(
    'maxPool of 2x2 at stride 2 and its gradient',
    both((x) => tf.maxPool(x, 2, 2, 'same')),
  );
  agrees(
    'pooling of every other pixel and its gradient',
    both((x, random) => (random(2) ? tf.maxPool(x, 1, 2, 'same') : tf.avgPool(x, 1, 2, 'valid'))),
  );
  agrees(
    'avgPool of 2x2 at stride 2 and its gradient',
    both((x) => tf.avgPool(x, 2, 2, 'valid')),
  );
});

describe('normalization', () => {
  agrees('batchNorm with statistics of the shape of x', (random, large) => {
    const shape = anyShape(random, large).slice(0, 4);
    const [x, mean, scale, offset] = [1, 2, 3, 4].map(() => values(random, shape));
    const variance = tf.abs(values(random, shape));
    const [isScaled, isMoved] = [random(2) > 0, random(2) > 0];
    return tf.batchNorm(
      ...([x, mean, variance] as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D]),
      (isMoved ? offset : undefined) as tf.Tensor3D,
      (isScaled ? scale : undefined) as tf.Tensor3D,
    );
  });
});

describe('resizing', () => {
  agrees('resizeBilinear and its gradient', (random, large) => {
    // Square images: of others, the cpu backend's gradient swaps height and width.
    const [count, side, channels] = large ? [3, 40, 9] : sizes(random, 3, 7);
    const x = values(random, [count, side, side, channels]) as tf.Tensor4D;
    const size: [number, number] = [1 + random(2 * side), 1 + random(2 * side)];
    const [isAligned, isHalf] = [random(2) > 0, random(2) > 0];
    const resize = (x: tf.Tensor) => tf.image.resizeBilinear(x as tf.Tensor4D, size, isAligned);
    return [
      resize(x),
      tf.grad(resize)(x, values(random, [count, ...size, channels])),
      tf.image.resizeBilinear(x, size, isAligned && !isHalf, isHalf),
    ];
  });
  agrees('resizeNearestNeighbor and its gradient', (random, large) => {
    // One image: of more, the cpu backend's gradient reads the wrong ones.
    const [count, height, width, channels] = large ? [1, 40, 50, 9] : [1, ...sizes(random, 3, 6)];
    const x = values(random, [count, height, width, channels]) as tf.Tensor4D;
    const size: [number, number] = [height * (1 + random(3)), width * (1 + random(3)) + (random(4) ? 0 : 1)];
    const resize = (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size);
    return [resize(x), tf.grad(resize)(x, values(random, [count, ...size, channels]))];
  });
});

describe('moves', () => {
  agrees('transpose', (random, large) => {
    const shape = large ? [33, 3 + random(5), 40, 30] : sizes(random, 1 + random(4), 9);
    const perm = shape.map((_, i) => i);
    for (let i = perm.length - 1; i > 0; i--) {
      const j = random(i + 1);
      [perm[i], perm[j]] = [perm[j], perm[i]];
    }
    return tf.transpose(values(random, shape), perm);
  });
  agrees('pad', (random, large) => {
    const shape = anyShape(random, large);
    const paddings = shape.map(() => [random(3), random(3)] as [number, number]);
    return tf.pad(values(random, shape), paddings, random(3));
  });
  agrees('slice', (random, large) => {
    const shape = anyShape(random, large);
    const begin = shape.map((size) => random(size));
    const size = shape.map((size, i) => 1 + random(size - begin[i]));
    return tf.slice(values(random, shape), begin, size);
  });
  agrees('tile', (random, large) => {
    const shape = large ? [2, 40, 30, 7] : anyShape(random, large);
    return tf.tile(
      values(random, shape),
      shape.map(() => 1 + random(3)),
    );
  });
  agrees('the gradient of tile', (random) => {
    const shape = sizes(random, 1 + random(4), 5);
    const reps = shape.map(() => 1 + random(3));
    const x = values(random, shape);
    const y = tf.tile(x, reps);
    return tf.grad((x) => tf.tile(x, reps))(x, values(random, y.shape));
  });
  agrees('concat', (random, large) => {
    const shape = anyShape(random, large);
    const axis = random(shape.length);
    const parts = [1, 2, 3].map(() => shape.map((size, i) => (i === axis ? 1 + random(5) : size)));
    return tf.concat(
      parts.map((part) => values(random, part)),
      axis,
    );
  });
  agrees('split and unstack', (random, large) => {
    const shape = anyShape(random, large);
    const axis = random(shape.length);
    const first = random(shape[axis] + 1);
    const x = values(random, shape);
    return [...tf.split(x, [first, shape[axis] - first], axis), ...tf.unstack(x, axis)];
  });
  agrees('gather', (random, large) => {
    const shape = anyShape(random, large);
    const axis = random(shape.length);
    const indices = Array.from({ length: 1 + random(9) }, () => random(shape[axis]));
    return tf.gather(values(random, shape), tf.tensor1d(indices, 'int32'), axis);
  });
  agrees('zerosLike, onesLike and fill', (random, large) => {
    const x = values(random, anyShape(random, large));
    return [tf.zerosLike(x), tf.onesLike(x), tf.fill(x.shape, 1.5)];
  });

  it('leaves a slice as it is when the tensor it was taken from is disposed', () => {
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

  it('keeps integers that were cast to floats integers under their first name', () => {
    tf.setBackend('simd');
    const x = tf.tensor1d([1, 2, 3], 'int32');
    const y = tf.relu(tf.cast(x, 'float32'));
    expect([x.dataSync(), y.dataSync()]).toEqual([Int32Array.of(1, 2, 3), Float32Array.of(1, 2, 3)]);
    tf.dispose([x, y]);
  });
});

it('computes on the heap where the shared memory is full', () => {
  tf.setBackend('simd');
  const { memory } = simd().threads;
  const x = tf.tensor2d([[1, -2]]);
  const held = [2 ** 28, 2 ** 22, 2 ** 16, 64].flatMap((bytes) => {
    const blocks: [number, number][] = [];
    try {
      for (;;) blocks.push([memory.allocate(bytes), bytes]);
    } catch {
      return blocks;
    }
  });
  const results = [tf.relu(x), tf.add(x, 1), tf.sum(x), tf.matMul(x, x, false, true), tf.transpose(x)];
  for (const [address, bytes] of held) memory.release(address, bytes);
  expect(results.map((result) => [...result.dataSync()])).toEqual([[1, 0], [2, -1], [-1], [5], [1, -2]]);
  tf.dispose([x, results]);
});
