import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { setThreadsCount } from '../../src/index.js';
import { expectClose, seededRandom } from '../support/expect-close.js';

type Shape = [number, number, number, number];

interface Case {
  x: Shape;
  filter: Shape;
  strides: number;
  pad: 'same' | 'valid';
  dilations: number;
}

const { below, pick } = seededRandom(11);
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

/** The result and both gradients on the active backend. */
function compute(convolution: Case) {
  const { x, filter, strides, pad, dilations } = convolution;
  return tf.tidy(() => {
    const f = (a: tf.Tensor, b: tf.Tensor) =>
      tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad, 'NHWC', dilations);
    const inputs = tensors(convolution);
    const y = f(...inputs);
    const dy = tf.randomNormal(y.shape, 0, 1, 'float32', 3);
    const gradient = (target: 'Input' | 'Filter', inputs: tf.NamedTensorMap, shape: object) => {
      const attributes = { strides, pad, dilations, ...shape };
      return tf.engine().runKernel(`DepthwiseConv2dNativeBackprop${target}`, inputs, attributes);
    };
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
function byDefinition(convolution: Case) {
  const { x, filter, strides, pad, dilations } = convolution;
  const info = tf.backend_util.computeConv2DInfo(x, filter, strides, dilations, pad, undefined, true);
  const [images, height, width, channels] = x;
  const [filterHeight, filterWidth, , multiplier] = filter;
  const { outHeight, outWidth, padInfo } = info;
  const [xs, ws, dys] = tf.tidy(() =>
    [...tensors(convolution), tf.randomNormal(info.outShape, 0, 1, 'float32', 3)].map((t) =>
      t.dataSync<'float32'>(),
    ),
  );
  const [y, dx, dw] = [dys, xs, ws].map(({ length }) => new Float64Array(length));
  for (let image = 0; image < images; image++)
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++)
        for (let channel = 0; channel < channels; channel++)
          for (let m = 0; m < multiplier; m++)
            for (let ky = 0; ky < filterHeight; ky++)
              for (let kx = 0; kx < filterWidth; kx++) {
                const inRow = row * strides + ky * dilations - padInfo.top;
                const inColumn = column * strides + kx * dilations - padInfo.left;
                if (inRow < 0 || inRow >= height || inColumn < 0 || inColumn >= width) continue;
                const i = ((image * height + inRow) * width + inColumn) * channels + channel;
                const j = ((ky * filterWidth + kx) * channels + channel) * multiplier + m;
                const pixel = (image * outHeight + row) * outWidth + column;
                const o = (pixel * channels + channel) * multiplier + m;
                y[o] += xs[i] * ws[j];
                dx[i] += dys[o] * ws[j];
                dw[j] += dys[o] * xs[i];
              }
  return [y, dx, dw];
}

beforeAll(() => tf.setBackend('simd'));

describe('depthwise convolution and its gradients', () => {
  it.each(cases)(
    'agrees with the definition: $x, $filter, stride $strides, $pad, dilation $dilations',
    (convolution) => {
      expectClose(compute(convolution), byDefinition(convolution), { tolerance: 1e-5 });
    },
  );

  it('gives the same bits with one thread and with two', async () => {
    const computeAll = async (count: number) => {
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
    const expected = await computeAll(1);
    expect(await computeAll(2)).toEqual(expected);
    await setThreadsCount(1);
  });

  it.each(['linear', 'relu', 'relu6', 'elu'] as const)(
    'supports a bias and an activation: %s',
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
