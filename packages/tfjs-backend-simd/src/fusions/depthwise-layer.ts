import * as tf from '@tensorflow/tfjs';
import { fuseLayer, type LayerCall } from './fuse-layer.js';

interface DepthwiseConv2D {
  activation?: { apply(x: tf.Tensor): tf.Tensor } | null;
  useBias: boolean;
  bias?: { read(): tf.Variable } | null;
  depthwiseKernel: { read(): tf.Variable };
  kernelSize: number[];
  strides: [number, number];
  padding: 'valid' | 'same';
  dataFormat: 'channelsFirst' | 'channelsLast';
  dilationRate: number | [number, number];
}

interface LayerClass {
  prototype: { computeOutputShape(this: DepthwiseConv2D, shape: Shape | Shape[]): Shape };
}

type Shape = (number | null)[];

/**
 * Runs the layer DepthwiseConv2D with a dilation rate as a dilated convolution, on all backends: a model keeps its
 * shapes if the backend changes. TensorFlow.js ignores the rate, in results and in shapes.
 */
export function dilateDepthwiseLayer(): void {
  fuseLayer<DepthwiseConv2D>('DepthwiseConv2D', callDepthwise);
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const { prototype } = classNameMap.DepthwiseConv2D[0] as unknown as LayerClass;
  const original = prototype.computeOutputShape;
  prototype.computeOutputShape = function (shape) {
    const sizes = (Array.isArray(shape[0]) ? shape[0] : shape) as Shape;
    const output = original.call(this, shape);
    const isChannelsFirst = this.dataFormat === 'channelsFirst';
    dilationsOf(this).forEach((rate, i) => {
      const axis = isChannelsFirst ? i + 2 : i + 1;
      const size = sizes[axis];
      if (rate === 1 || size === null || this.padding === 'same') return;
      const window = (this.kernelSize[i] - 1) * rate + 1;
      output[axis] = Math.ceil((size - window + 1) / this.strides[i]);
    });
    return output;
  };
}

const dilationsOf = ({ dilationRate }: DepthwiseConv2D): [number, number] =>
  [dilationRate, dilationRate].flat().slice(0, 2) as [number, number];

function callDepthwise(layer: DepthwiseConv2D, { x }: LayerCall): tf.Tensor | undefined {
  const { strides, padding, dataFormat } = layer;
  const dilations = dilationsOf(layer);
  const isDilated = dilations.some((rate) => rate > 1);
  if (!isDilated || x.rank !== 4) return undefined;
  const isChannelsFirst = dataFormat === 'channelsFirst';
  return tf.tidy(() => {
    const images = (isChannelsFirst ? tf.transpose(x, [0, 2, 3, 1]) : x) as tf.Tensor4D;
    const filter = layer.depthwiseKernel.read() as unknown as tf.Tensor4D;
    const convolved = tf.depthwiseConv2d(images, filter, strides, padding, 'NHWC', dilations);
    const sum = layer.useBias ? tf.add(convolved, layer.bias!.read()) : convolved;
    const y = isChannelsFirst ? tf.transpose(sum, [0, 3, 1, 2]) : sum;
    return layer.activation ? layer.activation.apply(y) : y;
  });
}
