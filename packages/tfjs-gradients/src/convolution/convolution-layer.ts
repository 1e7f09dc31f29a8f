import * as tf from '@tensorflow/tfjs';
import { hasKernel } from '../run-kernel.js';

type Inputs = tf.Tensor | tf.Tensor[];

interface Conv2D {
  kernel: { read(): tf.Variable };
  bias?: { read(): tf.Variable } | null;
  activation?: { apply(x: tf.Tensor): tf.Tensor } | null;
  strides: [number, number];
  padding: 'valid' | 'same';
  dataFormat: 'channelsFirst' | 'channelsLast';
  dilationRate: number | number[];
}

interface LayerClass {
  prototype: { call(inputs: Inputs, kwargs: Record<string, unknown>): Inputs };
}

/** Whether the gradient of the fused operation throws: it is part of the operation, and none is registered for it. */
const isRefused = ({ dilationRate, dataFormat }: Conv2D): boolean =>
  dataFormat !== 'channelsFirst' &&
  ([dilationRate].flat().some((rate) => rate > 1) || !hasKernel('Conv2DBackpropFilter'));

/**
 * Runs a layer Conv2D within a gradient as a convolution, a sum and an activation where TensorFlow.js refuses the
 * gradient of the fused operation that it runs otherwise: dilated, and on the wasm backend.
 */
export function correctConvolutionLayer(): void {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const { prototype } = classNameMap.Conv2D[0] as unknown as LayerClass;
  const original = prototype.call;
  prototype.call = function (inputs, kwargs) {
    const layer = this as unknown as Conv2D;
    const isRecorded = tf.engine().state.gradientDepth > 0;
    if (!isRecorded || !isRefused(layer)) return original.call(this, inputs, kwargs);
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    return tf.tidy(() => {
      const filter = layer.kernel.read() as unknown as tf.Tensor4D;
      const dilations = layer.dilationRate as [number, number];
      const y = tf.conv2d(x, filter, layer.strides, layer.padding, 'NHWC', dilations);
      const sum = layer.bias ? tf.add(y, layer.bias.read()) : y;
      return layer.activation ? layer.activation.apply(sum) : sum;
    });
  };
}
