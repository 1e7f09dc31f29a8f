import * as tf from '@tensorflow/tfjs';

type Call = (inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>) => tf.Tensor | tf.Tensor[];

interface LayerClass {
  prototype: { call: Call };
}

/**
 * Replaces the `call` of a layer class of TensorFlow.js by one that may decline, with undefined: then the original runs.
 * The class is found where TensorFlow.js registers it; making a layer to find it would use up a name.
 */
export function fuseLayer<Layer>(
  className: string,
  fused: (
    layer: Layer,
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: Record<string, unknown>,
  ) => tf.Tensor | undefined,
): void {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const { prototype } = classNameMap[className][0] as unknown as LayerClass;
  const stock = prototype.call;
  prototype.call = function (inputs, kwargs) {
    return fused(this as Layer, inputs, kwargs) ?? stock.call(this, inputs, kwargs);
  };
}
