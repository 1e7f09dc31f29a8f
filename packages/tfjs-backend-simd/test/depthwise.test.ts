import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { setThreadsCount } from '../src/index.js';
import { expectClose, randomly } from './compare.js';

type Shape = [number, number, number, number];

interface Case {
  x: Shape;
  filter: Shape;
  strides: number;
  pad: 'same' | 'valid';
  dilations: number;
}

const { below, pick } = randomly(11);
const cases = Array.from({ length: 30 }, (): Case => {
  const strides = pick([1, 1, 2, 3]);
  const size = pick([1, 2, 3, 3, 4, 5]);
  const dilations = strides === 1 ? pick([1, 2]) : 1;
  const span = (size - 1) * dilations + 1;
  const channels = 1 + below(18);
  return {
    x: [1 + below(5), span + below(10), span + below(10), channels],
    filter: [size, Math.max(1, size - below(2)), channels, pick([1, 1, 2, 3])],
    strides,
    pad: pick(['same', 'valid'] as const),
    dilations,
  };
});

const tensors = ({ x, filter }: Case) =>
  [tf.randomNormal(x, 0, 1, 'float32', 1), tf.randomNormal(filter, 0, 1, 'float32', 2)] as [
    tf.Tensor4D,
    tf.Tensor4D,
  ];

/** The result and both gradients on `simd`, given gradients of the result. */
function compute(one: Case) {
  const { x, filter, strides, pad, dilations } = one;
  return tf.tidy(() => {
    const f = (a: tf.Tensor, b: tf.Tensor) =>
      tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad, 'NHWC', dilations);
    const inputs = tensors(one);
    const y = f(...inputs);
    const dy = tf.randomNormal(y.shape, 0, 1, 'float32', 3);
    const gradient = (what: string, given: tf.NamedTensorMap, shape: object) =>
      tf
        .engine()
        .runKernel(`DepthwiseConv2dNativeBackprop${what}`, given, { strides, pad, dilations, ...shape });
    // TensorFlow.js has kernels for the gradients of dilated convolutions, but refuses to call them.
    const grads =
      dilations === 1
        ? tf.grads(f)(inputs, dy)
        : [
            gradient('Input', { dy, filter: inputs[1] }, { inputShape: x }),
            gradient('Filter', { x: inputs[0], dy }, { filterShape: filter }),
          ];
    return [y, ...(grads as tf.Tensor[])].map((tensor) => tensor.dataSync<'float32'>());
  });
}

/** The same by definition, summed in float64. */
function byDefinition(one: Case) {
  const { x, filter, strides, pad, dilations } = one;
  const info = tf.backend_util.computeConv2DInfo(x, filter, strides, dilations, pad, undefined, true);
  const [n, height, width, channels] = x;
  const [kernelHeight, kernelWidth, , kernels] = filter;
  const { outHeight, outWidth, padInfo } = info;
  const [xs, ws, dys] = tf.tidy(() =>
    [...tensors(one), tf.randomNormal(info.outShape, 0, 1, 'float32', 3)].map((t) => t.dataSync<'float32'>()),
  );
  const [y, dx, dw] = [dys, xs, ws].map(({ length }) => new Float64Array(length));
  for (let image = 0; image < n; image++)
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++)
        for (let channel = 0; channel < channels; channel++)
          for (let kernel = 0; kernel < kernels; kernel++)
            for (let ky = 0; ky < kernelHeight; ky++)
              for (let kx = 0; kx < kernelWidth; kx++) {
                const [down, across] = [
                  row * strides + ky * dilations - padInfo.top,
                  column * strides + kx * dilations - padInfo.left,
                ];
                if (down < 0 || down >= height || across < 0 || across >= width) continue;
                const i = ((image * height + down) * width + across) * channels + channel;
                const j = ((ky * kernelWidth + kx) * channels + channel) * kernels + kernel;
                const k = ((image * outHeight + row) * outWidth + column) * channels * kernels;
                const o = k + channel * kernels + kernel;
                y[o] += xs[i] * ws[j];
                dx[i] += dys[o] * ws[j];
                dw[j] += dys[o] * xs[i];
              }
  return [y, dx, dw];
}

beforeAll(() => tf.setBackend('simd'));

describe('depthwise convolution, with both its gradients', () => {
  it.each(cases)(
    'is what its definition says: $x, $filter, stride $strides, $pad, dilation $dilations',
    (one) => {
      expectClose(compute(one), byDefinition(one), { tolerance: 1e-5 });
    },
  );

  it('gives the same bits with one thread and with two', async () => {
    const all = async (count: number) => {
      await setThreadsCount(count);
      const large: Case = {
        x: [9, 16, 16, 24],
        filter: [3, 3, 24, 2],
        strides: 1,
        pad: 'same',
        dilations: 1,
      };
      return [large, ...cases.slice(0, 6)].map(compute);
    };
    const one = await all(1);
    expect(await all(2)).toEqual(one);
    await setThreadsCount(1);
  });

  it.each(['linear', 'relu', 'relu6', 'elu'] as const)(
    'takes a bias and an activation: %s',
    async (activation) => {
      const run = async (backend: string) => {
        await tf.setBackend(backend);
        return tf.tidy(() => {
          const [x, filter] = tensors({ ...cases[0], x: [2, 7, 6, 5], filter: [3, 3, 5, 2] });
          const bias = tf.randomNormal([10], 0, 3, 'float32', 3) as tf.Tensor1D;
          const options = { x, filter, strides: 1, pad: 'same', bias, activation } as const;
          return [tf.fused.depthwiseConv2d(options).dataSync<'float32'>()];
        });
      };
      expectClose(await run('simd'), await run('cpu'), { tolerance: 1e-5 });
      await tf.setBackend('simd');
    },
  );
});
