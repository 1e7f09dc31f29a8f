import type * as tf from '@tensorflow/tfjs';
import { activationLayers } from '../builders/activation-layers.js';
import type { Builders } from '../builders/builder.js';
import { convolutions } from '../builders/convolutions.js';
import { coreLayers } from '../builders/core-layers.js';
import { merges } from '../builders/merges.js';
import { normalizations } from '../builders/normalizations.js';
import { pooling } from '../builders/pooling.js';
import { preprocessing } from '../builders/preprocessing.js';
import { regularization } from '../builders/regularization.js';
import { reshaping } from '../builders/reshaping.js';
import { tensorOperations } from '../builders/tensor-operations.js';
import type { LayerOptions } from './layer-options.js';

const BUILDERS: Builders = {
  ...activationLayers,
  ...convolutions,
  ...coreLayers,
  ...merges,
  ...normalizations,
  ...pooling,
  ...preprocessing,
  ...regularization,
  ...reshaping,
};

/** The supported Keras layer classes, sorted. */
export const kerasLayerNames: readonly string[] = Object.keys(BUILDERS).sort();

/** Also those of operations, which are no Keras layer classes. */
const ALL_BUILDERS: Builders = { ...BUILDERS, ...tensorOperations };

/** Layer classes of the caller, by class name. */
export type CustomLayers = ReadonlyMap<
  string,
  tf.serialization.SerializableConstructor<tf.serialization.Serializable>
>;

/**
 * Creates a layer of one of the caller's classes, else of a Keras class. Throws an InputError for an unknown
 * class.
 */
export function buildLayer(
  options: LayerOptions,
  inputs: readonly tf.Shape[],
  customLayers: CustomLayers,
): tf.layers.Layer {
  const { className, config } = options.entry;
  const customLayer = customLayers.get(className);
  if (customLayer) {
    const layerClass = customLayer as unknown as {
      fromConfig(layerClass: unknown, config: object): tf.layers.Layer;
    };
    return layerClass.fromConfig(customLayer, { ...withCamelCaseKeys(config), dtype: 'float32' });
  }
  if (!Object.hasOwn(ALL_BUILDERS, className))
    options.fail(
      className === 'Lambda'
        ? 'Python code, which is not run: replace it with a layer class of your own, and pass one with this className in customLayers'
        : 'an unknown class: pass a class with this className in customLayers (kerasLayerNames lists the supported ones)',
    );
  return ALL_BUILDERS[className](options, inputs);
}

const camelCase = (key: string) => key.replace(/_+(\w)/g, (_, letter) => letter.toUpperCase());

const withCamelCaseKeys = (config: object) =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [camelCase(key), value]));
