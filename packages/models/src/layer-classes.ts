import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** A class of layers, such as `class Scale extends tf.layers.Layer { static className = 'Scale' }`. */
export interface LayerClass {
  readonly className: string;
  new (config: never): tf.layers.Layer;
}

/** A layer, or a model as a layer, as model.json writes it. */
interface LayerJson {
  readonly class_name?: unknown;
  readonly name?: unknown;
  readonly config?: unknown;
}

/** Makes classes known to TensorFlow.js, whose table of classes is one for all. */
export function registerLayers(classes: readonly LayerClass[]): void {
  for (const one of classes) {
    if (typeof one !== 'function' || !(one.prototype instanceof tf.layers.Layer) || !one.className)
      throw new InputError(
        `Expected customLayers to be classes of layers with a static className, got ${(one as LayerClass)?.name ?? typeof one}`,
      );
    tf.serialization.registerClass(one as never);
  }
}

/** Throws an InputError that names the first layer, at any depth, whose class TensorFlow.js does not know. */
export function expectKnownLayers(topology: { readonly model_config?: unknown }, location: string): void {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  const visit = ({ class_name: className, name, config }: LayerJson): void => {
    const { layers, layer, name: ownName } = (config ?? {}) as Record<string, unknown>;
    if (typeof className === 'string' && !Object.hasOwn(known, className))
      throw new InputError(
        `Expected ${location} to hold layers of known classes, got layer ${JSON.stringify(name ?? ownName)} of class ${JSON.stringify(className)}: pass that class in customLayers`,
      );
    for (const inner of [config, layers].find(Array.isArray) ?? []) visit(inner as LayerJson);
    if (layer) visit(layer as LayerJson);
  };
  visit((topology.model_config ?? topology) as LayerJson);
}
