import type * as tf from '@tensorflow/tfjs';
import { convolutions } from './builders/convolutions.js';
import { elementwise } from './builders/elementwise.js';
import { merges } from './builders/merges.js';
import { normalizations } from './builders/normalizations.js';
import { preprocessing } from './builders/preprocessing.js';
import { reshaping } from './builders/reshaping.js';
import type { Options } from './layer-config.js';

/** Makes the layer of TensorFlow.js that computes what a layer of Keras does, for inputs of those shapes. */
export type Builder = (options: Options, inputs: readonly tf.Shape[]) => tf.layers.Layer;

const BUILDERS: Readonly<Record<string, Builder>> = {
  ...convolutions,
  ...elementwise,
  ...merges,
  ...normalizations,
  ...preprocessing,
  ...reshaping,
};

/** The Keras classes that can be built. */
export const kerasLayerNames: readonly string[] = Object.keys(BUILDERS).sort();

/** Makes a layer: one of the caller's own classes, or one of Keras's; throws an InputError that names what it cannot be. */
export function buildLayer(
  options: Options,
  inputs: readonly tf.Shape[],
  customLayers: ReadonlyMap<string, tf.serialization.SerializableConstructor<tf.serialization.Serializable>>,
): tf.layers.Layer {
  const { className, config } = options.entry;
  const custom = customLayers.get(className);
  if (custom) {
    const own = custom as unknown as { fromConfig(cls: unknown, config: object): tf.layers.Layer };
    return own.fromConfig(custom, { ...camelCased(config), dtype: 'float32' });
  }
  if (!Object.hasOwn(BUILDERS, className))
    options.refuse(
      `a class that is not known: pass one of that className in customLayers. Known are ${kerasLayerNames.join(', ')}`,
    );
  return BUILDERS[className](options, inputs);
}

const camelCased = (config: object) =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.replace(/_+(\w)/g, (_, letter) => letter.toUpperCase()),
      value,
    ]),
  );
