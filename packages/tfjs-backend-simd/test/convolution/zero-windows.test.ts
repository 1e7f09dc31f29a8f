import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONVOLUTION_METHODS, setConvolutionMethod, setThreadsCount } from '../../src/index.js';
import { relativeError, seededRandom } from '../support/expect-close.js';

/*
 * Where all inputs under the filter are 0, the output is exactly the bias, by any method and next to other content.
 * Padding counts as 0.
 */

beforeAll(() => tf.setBackend('simd'));
afterAll(async () => {
  setConvolutionMethod('winograd');
  await setThreadsCount(1);
  await tf.setBackend('cpu');
});

interface Case {
  shape: [number, number, number, number];
  size: number;
  outChannels: number;
  /** At stride 1 `same` is (size - 1) / 2. */
  pad: 'same' | 'valid' | number;
}

const CASES: Case[] = [
  { shape: [2, 12, 12, 16], size: 3, outChannels: 16, pad: 'same' },
  { shape: [3, 9, 7, 16], size: 3, outChannels: 24, pad: 'same' },
  { shape: [2, 11, 13, 24], size: 3, outChannels: 16, pad: 'valid' },
  { shape: [1, 3, 3, 16], size: 3, outChannels: 16, pad: 'valid' },
  { shape: [40, 4, 5, 16], size: 3, outChannels: 16, pad: 'same' },
  { shape: [2, 12, 12, 16], size: 5, outChannels: 16, pad: 'same' },
  { shape: [3, 9, 7, 16], size: 5, outChannels: 24, pad: 'valid' },
  { shape: [2, 6, 6, 5], size: 3, outChannels: 7, pad: 'same' },
  { shape: [2, 10, 9, 16], size: 3, outChannels: 16, pad: 3 },
  { shape: [2, 12, 12, 16], size: 5, outChannels: 16, pad: 1 },
];

/**
 * Images with content in some pixels, often in one channel only, and zeros of either sign in the others. `density` is the
 * fraction of pixels with content.
 */
function sparseImages(
  [images, height, width, channels]: Case['shape'],
  density: number,
  seed: number,
): Float32Array {
  const { below } = seededRandom(seed);
  const values = new Float32Array(images * height * width * channels);
  for (let pixel = 0; pixel < values.length; pixel += channels) {
    const hasContent = below(1000) < 1000 * density;
    const only = below(2) ? below(channels) : -1;
    for (let c = 0; c < channels; c++)
      values[pixel + c] =
        hasContent && (only < 0 || only === c) ? below(1000) / 500 + 0.01 : below(2) ? 0 : -0;
  }
  return values;
}

/** The padding of one side that gives outputs of the size of the images, none, or a number. */
const paddingOf = (pad: Case['pad'], size: number): number =>
  typeof pad === 'number' ? pad : pad === 'same' ? (size - 1) / 2 : 0;

/** Indices of the output pixels of a convolution at stride 1 whose window is zero. */
function zeroWindows(x: Float32Array, shape: Case['shape'], size: number, padding: number): number[] {
  const [images, height, width, channels] = shape;
  const [outHeight, outWidth] = [height + 2 * padding - size + 1, width + 2 * padding - size + 1];
  const isZero = (image: number, row: number, column: number) => {
    if (row < 0 || row >= height || column < 0 || column >= width) return true;
    const pixel = ((image * height + row) * width + column) * channels;
    return x.subarray(pixel, pixel + channels).every((value) => value === 0);
  };
  const found: number[] = [];
  for (let output = 0; output < images * outHeight * outWidth; output++) {
    const image = Math.floor(output / (outHeight * outWidth));
    const row = Math.floor(output / outWidth) % outHeight;
    const taps = Array.from({ length: size * size }, (_, tap) => tap);
    const isZeroTap = (tap: number) =>
      isZero(image, row - padding + Math.floor(tap / size), (output % outWidth) - padding + (tap % size));
    if (taps.every(isZeroTap)) found.push(output);
  }
  return found;
}

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
const pixelsOf = (tensor: tf.Tensor, outputs: number[]): number[][] => {
  const [values, channels] = [tensor.dataSync<'float32'>(), tensor.shape.at(-1)!];
  return outputs.map((output) => Array.from(values.subarray(output * channels, (output + 1) * channels)));
};

const RECTIFIERS: Record<string, (value: number) => number> = {
  linear: (value) => value,
  relu: (value) => Math.max(value, 0),
  relu6: (value) => Math.min(Math.max(value, 0), 6),
};

/** Images with little and with some content. */
const EXAMPLES = CASES.map((convolution) => ({
  convolution,
  images: [0.03, 0.3].map((density) => {
    const values = sparseImages(convolution.shape, density, 5);
    const { shape, size, pad } = convolution;
    return { values, outputs: zeroWindows(values, shape, size, paddingOf(pad, size)) };
  }),
}));

/** Gradients dy of the shape of `convolution`, and the inputs whose gradient, a convolution of dy, has a zero window. */
const GRADIENTS = CASES.map(({ shape, size, outChannels, pad }) => {
  const values = sparseImages(shape, 0.1, 7);
  const [images, height, width] = shape;
  const grow = size - 1 - 2 * paddingOf(pad, size);
  const inputShape: Case['shape'] = [images, height + grow, width + grow, outChannels];
  const outputs = zeroWindows(values, shape, size, size - 1 - paddingOf(pad, size));
  return { shape, size, pad, values, inputShape, outputs };
});

it('the examples have zero windows', () => {
  for (const { images } of EXAMPLES.slice(0, 3)) expect(images[0].outputs.length).toBeGreaterThan(20);
  for (const { outputs } of GRADIENTS.slice(0, 3)) expect(outputs.length).toBeGreaterThan(5);
});

describe.each([1, 2, 3])('%i threads:', (count) => {
  beforeAll(() => setThreadsCount(count));

  const methods = count === 1 ? CONVOLUTION_METHODS : (['winograd'] as const);

  describe.each(methods)('by method %s', (method) => {
    beforeAll(() => setConvolutionMethod(method));

    it.each(EXAMPLES)(
      'images $convolution.shape, filter size $convolution.size, $convolution.pad',
      ({ convolution, images }) => {
        const { shape, size, outChannels, pad } = convolution;
        for (const { values, outputs } of images)
          tf.tidy(() => {
            const x = tf.tensor(values, shape) as tf.Tensor4D;
            const filter = random([size, size, shape[3], outChannels], 2) as tf.Tensor4D;
            const bias = tf.mul(random([outChannels], 3), 4) as tf.Tensor1D;
            for (const [activation, rectify] of Object.entries(RECTIFIERS)) {
              const y = tf.fused.conv2d({
                x,
                filter,
                bias,
                strides: 1,
                pad,
                activation: activation as 'relu',
              });
              const expected = Array.from(bias.dataSync(), (value) => rectify(value));
              expect(pixelsOf(y, outputs)).toEqual(outputs.map(() => expected));
            }
          });
      },
    );

    it.each(GRADIENTS)('the input gradient for dy $shape, filter size $size, $pad', (gradient) => {
      const { shape, size, pad, values, inputShape, outputs } = gradient;
      tf.tidy(() => {
        const filter = random([size, size, inputShape[3], shape[3]], 2) as tf.Tensor4D;
        const convolve = (x: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, filter, 1, pad);
        const dx = tf.grad(convolve)(tf.zeros(inputShape), tf.tensor(values, shape));
        for (const pixel of pixelsOf(dx, outputs)) expect(pixel.every((value) => value === 0)).toBe(true);
      });
    });
  });
});

describe.each(['winograd', 'winograd-2x2'] as const)('by method %s', (method) => {
  beforeAll(() => setConvolutionMethod(method));

  it('with a folded batch norm, the output is that of images of zeros', () => {
    const { convolution, images } = EXAMPLES[1];
    tf.tidy(() => {
      const { values, outputs } = images[0];
      const filter = random([3, 3, 16, 24], 2) as tf.Tensor4D;
      const [bias, mean, beta, gamma] = [3, 4, 5, 6].map((seed) => random([24], seed) as tf.Tensor1D);
      const variance = tf.abs(random([24], 7)) as tf.Tensor1D;
      for (const rectify of [(y: tf.Tensor) => y, tf.relu, tf.relu6]) {
        const infer = (x: tf.Tensor) => {
          const y = tf.fused.conv2d({ x: x as tf.Tensor4D, filter, bias, strides: 1, pad: 'same' });
          return rectify(tf.batchNorm(y, mean, variance, beta, gamma));
        };
        const [expected] = pixelsOf(infer(tf.zeros(convolution.shape)), [0]);
        const x = tf.tensor(values, convolution.shape);
        expect(pixelsOf(infer(x), outputs)).toEqual(outputs.map(() => expected));
      }
    });
  });

  it('a weight that is not finite gives NaN where the images are 0', () => {
    tf.tidy(() => {
      const x = tf.tensor(EXAMPLES[0].images[0].values, CASES[0].shape) as tf.Tensor4D;
      for (const weight of [NaN, Infinity]) {
        const weights = random([3, 3, 16, 16], 2).dataSync<'float32'>();
        for (let i = 5; i < weights.length; i += 16) weights[i] = weight;
        const y = tf.conv2d(x, tf.tensor(weights, [3, 3, 16, 16]) as tf.Tensor4D, 1, 'same');
        const channel = tf.slice(y, [0, 0, 0, 5], [-1, -1, -1, 1]).dataSync();
        expect(channel.every(Number.isNaN)).toBe(true);
      }
    });
  });

  it('images inside a wide black border have as many active outputs as by definition', () => {
    tf.tidy(() => {
      const border: [number, number] = [10, 10];
      const content = tf.relu(random([2, 8, 8, 16], 1));
      const x = tf.pad(content, [[0, 0], border, border, [0, 0]]) as tf.Tensor4D;
      const filter = tf.mul(random([3, 3, 16, 16], 2), 0.1) as tf.Tensor4D;
      const measure = () => {
        const active = tf.cast(tf.greater(tf.relu(tf.conv2d(x, filter, 1, 'same')), 0), 'float32');
        const layer = tf.layers.conv2d({
          inputShape: [28, 28, 16],
          filters: 16,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
        });
        layer.build([null, 28, 28, 16]);
        layer.setWeights([filter, tf.zeros([16])]);
        const loss = () => tf.sum(layer.apply(x, { training: true }) as tf.Tensor) as tf.Scalar;
        const { grads } = tf.variableGrads(
          loss,
          layer.trainableWeights.map((weight) => weight.read() as tf.Variable),
        );
        const bias = Object.entries(grads).find(([name]) => name.includes('bias'))![1];
        return [active.dataSync<'float32'>(), bias.dataSync<'float32'>()];
      };
      const [active, bias] = measure();
      setConvolutionMethod('direct');
      const [expectedActive, expectedBias] = measure();
      setConvolutionMethod(method);
      expect(active).toEqual(expectedActive);
      expect(relativeError(bias, expectedBias)).toBeLessThan(1e-4);
    });
  });
});
