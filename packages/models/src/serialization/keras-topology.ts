import { InputError, type LayerTopology } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';

/**
 * Refuses the topology of a graph model, which has nodes in place of layers.
 *
 * @param location the file, for the message
 * @throws InputError with the code 'graph-model'
 */
export function expectLayers(topology: object, location: string): void {
  if (Array.isArray((topology as { node?: unknown }).node))
    throw new InputError(
      `Expected ${location} to hold a layers model, got a graph model: open it with importGraphModel of @convlens/model-import, or ` +
        'save the Keras model as .keras or .h5 and open that',
      { code: 'graph-model' },
    );
}

/**
 * Refuses a topology of Keras 3, whose options TensorFlow.js does not know: it would replace some by their defaults.
 *
 * @param location the file, for the message
 * @throws InputError with the code 'keras-3'
 */
export function expectKeras2(topology: object, location: string): void {
  const { keras_version: version } = topology as { keras_version?: unknown };
  const isKeras3 =
    typeof version === 'string' && parseInt(version)
      ? parseInt(version) >= 3
      : /"(batch_shape|registered_name)":/.test(JSON.stringify(topology));
  if (isKeras3)
    throw new InputError(
      `Expected ${location} to hold a model of Keras 2 or TensorFlow.js, got one of Keras 3: open it with importTfjs of ` +
        '@convlens/model-import',
      { code: 'keras-3' },
    );
}

/**
 * Weights under the names that their layers give them. Some versions of the converter write the name of the model in front:
 * `sequential/conv/kernel`.
 */
export function withoutModelName(
  specs: tf.io.WeightsManifestEntry[],
  { config }: LayerTopology,
): tf.io.WeightsManifestEntry[] {
  const { name, layers } = Object(config) as { name?: unknown; layers?: unknown };
  const prefix = `${String(name)}/`;
  if (specs.length === 0 || !specs.every((spec) => spec.name.startsWith(prefix))) return specs;
  const layerNames = [Array.isArray(layers) ? (layers as LayerTopology[]) : []]
    .flat()
    .map((layer) => String((Object(layer?.config) as { name?: unknown }).name));
  if (layerNames.some((layer) => `${layer}/`.startsWith(prefix))) return specs;
  return specs.map((spec) => ({ ...spec, name: spec.name.slice(prefix.length) }));
}
