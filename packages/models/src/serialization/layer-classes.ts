import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** A class of layers, such as `class Scale extends tf.layers.Layer { static className = 'Scale' }`. */
export interface LayerClass {
  readonly className: string;
  new (config: never): tf.layers.Layer;
}

/** A layer, or a model used as a layer, in model.json. */
interface LayerJson {
  readonly class_name?: unknown;
  readonly name?: unknown;
  readonly config?: unknown;
}

/** Registers classes with TensorFlow.js, whose registry is global. */
export function registerLayerClasses(classes: readonly LayerClass[]): void {
  for (const layerClass of classes) {
    const isLayer = typeof layerClass === 'function' && layerClass.prototype instanceof tf.layers.Layer;
    if (!isLayer || !layerClass.className) {
      const name = layerClass?.name ?? typeof layerClass;
      throw new InputError(
        `Expected customLayers to be classes of layers with a static className, got ${name}`,
      );
    }
    tf.serialization.registerClass(layerClass as never);
  }
}

/**
 * Throws an InputError that names the first layer, at any depth, whose class is not registered with
 * TensorFlow.js.
 */
export function expectRegisteredLayers(
  topology: { readonly model_config?: unknown },
  location: string,
): void {
  const registered = tf.serialization.SerializationMap.getMap().classNameMap;
  const visit = ({ class_name: className, name, config }: LayerJson): void => {
    const { layers, layer, name: configName } = (config ?? {}) as Record<string, unknown>;
    if (typeof className === 'string' && !Object.hasOwn(registered, className))
      throw new InputError(
        `Expected ${location} to hold layers of known classes,` +
          ` got layer ${JSON.stringify(name ?? configName)} of class ${JSON.stringify(className)}:` +
          ' pass that class in customLayers',
      );
    for (const inner of [config, layers].find(Array.isArray) ?? []) visit(inner as LayerJson);
    if (layer) visit(layer as LayerJson);
  };
  visit((topology.model_config ?? topology) as LayerJson);
}
