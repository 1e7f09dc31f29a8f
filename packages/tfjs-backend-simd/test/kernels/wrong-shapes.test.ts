import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SimdBackend } from '../../src/backend.js';
import { setGuards } from '../../src/index.js';

beforeAll(async () => {
  await tf.setBackend('simd');
  setGuards(true);
});
afterAll(() => setGuards(false));

const ones = (...shape: number[]) => tf.ones(shape);
const convolution = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 };
const pooling = { filterSize: 2, strides: 2, pad: 'valid' };

/** Kernels called past the checks of the operations, with tensors that do not fit. */
const CALLS: Record<string, [kernel: string, inputs: object, attributes?: object]> = {
  'a ReLU gradient with a smaller dy': ['SimdReluGradient', { dy: ones(4), saved: ones(4096) }],
  'a sigmoid gradient with a smaller dy': ['SimdSigmoidGradient', { dy: ones(4), saved: ones(4096) }],
  'a ReLU6 gradient with a smaller y': ['SimdRelu6Gradient', { dy: ones(4096), saved: ones(4) }],
  'a convolution with a filter of other channels': [
    'Conv2D',
    { x: ones(1, 8, 8, 16), filter: ones(3, 3, 8, 16) },
    convolution,
  ],
  'a convolution with a longer bias': [
    'FusedConv2D',
    { x: ones(1, 8, 8, 16), filter: ones(3, 3, 16, 16), bias: ones(5) },
    { ...convolution, activation: 'relu' },
  ],
  'an input gradient with fewer images in dy': [
    'Conv2DBackpropInput',
    { dy: ones(1, 8, 8, 16), filter: ones(3, 3, 16, 16) },
    { ...convolution, inputShape: [64, 8, 8, 16] },
  ],
  'a filter gradient with fewer channels in dy': [
    'Conv2DBackpropFilter',
    { x: ones(1, 8, 8, 16), dy: ones(1, 8, 8, 8) },
    { ...convolution, filterShape: [3, 3, 16, 128] },
  ],
  'a depthwise input gradient with a filter of fewer channels': [
    'DepthwiseConv2dNativeBackpropInput',
    { dy: ones(1, 8, 8, 16), filter: ones(3, 3, 2, 1) },
    { ...convolution, inputShape: [1, 8, 8, 16] },
  ],
  'a max pooling gradient with a smaller dy': [
    'MaxPoolGrad',
    { dy: ones(1, 2, 2, 1), input: ones(1, 64, 64, 8), output: ones(1, 32, 32, 8) },
    pooling,
  ],
  'an average pooling gradient with a smaller dy': [
    'AvgPoolGrad',
    { dy: ones(1, 2, 2, 1), input: ones(1, 64, 64, 8) },
    pooling,
  ],
  'a dense layer with a shorter bias': [
    '_FusedMatMul',
    { a: ones(4, 8), b: ones(8, 4096), bias: ones(2) },
    { transposeA: false, transposeB: false, activation: 'relu' },
  ],
  'a matrix product of other inner sizes': [
    'BatchMatMul',
    { a: ones(4, 4096), b: ones(8, 4) },
    { transposeA: false, transposeB: false },
  ],
  'a bilinear resizing gradient with fewer images': [
    'ResizeBilinearGrad',
    { images: ones(64, 8, 8, 3), dy: ones(1, 16, 16, 3) },
    { alignCorners: false },
  ],
  'a nearest resizing gradient with fewer channels': [
    'ResizeNearestNeighborGrad',
    { images: ones(1, 8, 8, 64), dy: ones(1, 16, 16, 1) },
    { alignCorners: false },
  ],
  'a batch norm with fewer means': [
    'FusedBatchNorm',
    { x: ones(4, 4096), mean: ones(3), variance: ones(4096) },
    { varianceEpsilon: 0.001 },
  ],
  'a selection by a shorter condition': [
    'Select',
    { condition: tf.ones([4], 'bool'), t: ones(4096), e: ones(4096) },
  ],
  'a logical and of a shorter tensor': [
    'LogicalAnd',
    { a: tf.ones([4], 'bool'), b: tf.ones([4096], 'bool') },
  ],
};

it.each(Object.entries(CALLS))('%s changes no other tensor', (_, [kernel, inputs, attributes]) => {
  tf.tidy(() => {
    const unrelated = Array.from({ length: 8 }, () => tf.relu(tf.fill([16], 7)));
    try {
      // The kernel of the cpu backend may compute something, or refuse.
      const results = [
        tf.engine().runKernel(kernel, inputs as tf.NamedTensorMap, attributes as never),
      ].flat();
      results.forEach((result) => tf.engine().makeTensorFromTensorInfo(result).dataSync());
    } catch (error) {
      expect((error as Error).message).not.toMatch(/outside|failed/);
    }
    for (const tensor of unrelated) expect([...tensor.dataSync()]).toEqual(Array<number>(16).fill(7));
  });
});

/** Arguments that operations do not check, and the message. */
const ARGUMENTS: Record<string, [act: () => unknown, message: RegExp]> = {
  'negative padding of a vector': [() => tf.pad(ones(3), [[-1, 0]]), /paddings .* got \[\[-1,0\]\]/],
  'negative padding after the last row': [
    () =>
      tf.pad(ones(64, 3), [
        [0, -60],
        [2, 2],
      ]),
    /paddings .*tf\.slice/,
  ],
  'negative padding of images': [
    () =>
      tf.pad(ones(2, 5, 5, 16), [
        [0, 0],
        [-2, 2],
        [2, -2],
        [0, 0],
      ]),
    /paddings/,
  ],
  'padding by a fraction': [() => tf.pad(ones(4), [[0.5, 0.5]]), /paddings/],
  'a slice that begins before the tensor': [() => tf.slice(ones(64), [-16], [8]), /begin .* got \[-16\]/],
  'a slice that begins before the first row': [() => tf.slice(ones(8, 4), [-2, 1], [1, 2]), /begin/],
  'an axis twice in a transpose': [() => tf.transpose(ones(2, 64), [1, 1]), /perm .* got \[1,1\]/],
  'an axis twice in a transpose of planes': [() => tf.transpose(ones(2, 3, 64), [2, 0, 0]), /perm/],
  'an axis twice in a transpose of integers': [() => tf.transpose(tf.ones([2, 3], 'int32'), [0, 0]), /perm/],
  'a part of a split that is larger than the tensor': [
    () => tf.split(ones(4), [1024, -1]),
    /got the shape \[-1020\]/,
  ],
  'parts of a split with negative sizes': [
    () => tf.split(ones(4, 3), [64, -62, 2]),
    /got the shape \[-62,3\]/,
  ],
  'negative repetitions': [() => tf.tile(ones(2, 3), [-1, -1]), /got the shape \[-2,-3\]/],
  'bilinear resizing to negative sizes': [
    () => tf.image.resizeBilinear(ones(1, 2, 2, 1) as tf.Tensor4D, [-2, -2]),
    /got the shape \[1,-2,-2,1\]/,
  ],
};

it.each(Object.entries(ARGUMENTS))('%s is refused', (_, [act, message]) => {
  const { bytesUsed } = (tf.backend() as unknown as SimdBackend).threadPool.memory;
  tf.tidy(() => {
    const unrelated = Array.from({ length: 8 }, () => tf.relu(tf.fill([16], 7)));
    expect(act).toThrow(message);
    for (const tensor of unrelated) expect([...tensor.dataSync()]).toEqual(Array<number>(16).fill(7));
  });
  expect((tf.backend() as unknown as SimdBackend).threadPool.memory.bytesUsed).toBe(bytesUsed);
});

it('a tensor whose shape has more values than there are is refused', () => {
  const x = tf.engine().makeTensor(new Float32Array(4), [4096], 'float32');
  expect(() => tf.relu(x)).toThrow(/a tensor of shape \[4096\] has 4 values/);
  x.dispose();
});
