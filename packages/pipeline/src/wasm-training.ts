import * as tf from '@tensorflow/tfjs';

/*
 * What the wasm backend lacks to train a convolutional network, composed from kernels it has. This file goes away with the
 * first backend of ours that trains.
 */

interface ConvAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Condition = (inputs: Record<string, tf.Tensor>, attributes: Record<string, unknown>) => boolean;
type Kernel = (inputs: Record<string, tf.Tensor>, attributes: Record<string, unknown>) => tf.Tensor;

const geometry = (
  x: [number, number, number, number],
  filter: [number, number, number, number],
  { strides, pad, dimRoundingMode }: ConvAttributes,
) => tf.backend_util.computeConv2DInfo(x, filter, strides, 1, pad, dimRoundingMode);

/**
 * dW[ky, kx, ci, co] = sum over n, y, x of padded[n, y s + ky, x s + kx, ci] dy[n, y, x, co]: a convolution whose batch is
 * the input channels, whose depth is the images, whose filter is dy, spread by the stride.
 */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  attributes: ConvAttributes & { filterShape: number[] },
) {
  const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth } = geometry(
    x.shape,
    attributes.filterShape as [number, number, number, number],
    attributes,
  );
  const { top, bottom, left, right } = padInfo;
  const padded = tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]); // prettier-ignore
  const images = tf.transpose(padded, [3, 1, 2, 0]) as tf.Tensor4D;
  const filter = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D;
  const spread: [number, number] = [strideHeight, strideWidth];
  const sums = tf.conv2d(images, filter, 1, 'valid', 'NHWC', spread) as tf.Tensor4D;
  // A stride that does not divide the image leaves rows behind the last window, which no output has seen.
  const seen = tf.slice(sums, [0, 0, 0, 0], [-1, filterHeight, filterWidth, -1]);
  return tf.transpose(seen, [1, 2, 0, 3]);
}

/** At stride 1 the gradient of the input is dy convolved with the filter turned by half a turn, its depths swapped. */
function inputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  attributes: ConvAttributes & { inputShape: number[] },
) {
  const shape = attributes.inputShape as [number, number, number, number];
  const { padInfo, filterHeight, filterWidth } = geometry(shape, filter.shape, attributes);
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
  const [top, left] = [filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left];
  const bottom = shape[1] - dy.shape[1] + filterHeight - 1 - top;
  const right = shape[2] - dy.shape[2] + filterWidth - 1 - left;
  const padded = tf.pad(dy, [[0, 0], [top, bottom], [left, right], [0, 0]]) as tf.Tensor4D; // prettier-ignore
  return tf.conv2d(padded, turned, 1, 'valid');
}

/** One vector, over and over, by copying what is there already: 1, 2, 4 ... vectors at a time. */
function repeatVector(vector: Float32Array, times: number): Float32Array {
  const values = new Float32Array(vector.length * times);
  values.set(vector);
  for (let filled = vector.length; filled < values.length; filled *= 2) values.copyWithin(filled, 0, filled);
  return values;
}

/** Lets the wasm backend train. Call it once that backend is registered; a second call changes nothing. */
export function enableWasmTraining(): void {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return;
  const register = (kernelName: string, kernel: Kernel) =>
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) =>
        tf.tidy(() => kernel(inputs as Record<string, tf.Tensor>, (attrs ?? {}) as Record<string, unknown>)),
    });
  const replace = (kernelName: string, kernel: Kernel, takes: Condition) => {
    const stock = tf.getKernel(kernelName, 'wasm');
    tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({
      ...stock,
      kernelFunc: (call) => {
        const attributes = (call.attrs ?? {}) as Record<string, unknown>;
        const inputs = call.inputs as Record<string, tf.Tensor>;
        return takes(inputs, attributes) ? tf.tidy(() => kernel(inputs, attributes)) : stock.kernelFunc(call);
      },
    });
  };

  register('Conv2DBackpropFilter', ({ x, dy }, attributes) =>
    filterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, attributes as never),
  );
  replace(
    'Conv2DBackpropInput',
    ({ dy, filter }, attributes) =>
      inputGradient(dy as tf.Tensor4D, filter as tf.Tensor4D, attributes as never),
    (_, { strides }) => [strides].flat().every((stride) => stride === 1),
  );
  replace(
    'Tile',
    ({ x }, { reps }) => {
      const times = (reps as number[]).reduce((product, count) => product * count, 1);
      const shape = x.shape.map((size, i) => size * (reps as number[])[i]);
      return tf.tensor(repeatVector(x.dataSync<'float32'>(), times), shape);
    },
    ({ x }, { reps }) =>
      x.dtype === 'float32' && x.size > 0 && x.size === x.shape.at(-1) && (reps as number[]).at(-1) === 1,
  );
}
