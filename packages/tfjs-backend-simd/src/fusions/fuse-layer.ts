import * as tf from '@tensorflow/tfjs';
import { unlessOutOfMemory } from './out-of-memory.js';

type Inputs = tf.Tensor | tf.Tensor[];
type Arguments = Record<string, unknown>;

interface LayerClass {
  prototype: { call(inputs: Inputs, kwargs: Arguments): Inputs };
}

/** The arguments of a call of a layer. */
export interface LayerCall {
  /** The first input. */
  readonly x: tf.Tensor;
  readonly inputs: Inputs;
  readonly kwargs: Arguments | undefined;
}

/**
 * Replaces the `call` of a TensorFlow.js layer class by `fused`. The original runs if `fused` returns
 * undefined or runs out of memory. The class comes from the serialization registry; creating a layer to get
 * it would consume an automatic layer name.
 */
export function fuseLayer<Layer>(
  className: string,
  fused: (layer: Layer, call: LayerCall) => tf.Tensor | undefined,
): void {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const { prototype } = classNameMap[className][0] as unknown as LayerClass;
  const original = prototype.call;
  prototype.call = function (inputs, kwargs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const y = unlessOutOfMemory(() => fused(this as Layer, { x, inputs, kwargs }));
    return y ?? original.call(this, inputs, kwargs);
  };
}
