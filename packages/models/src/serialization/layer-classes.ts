import { InputError, type LayerTopology } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

/** A class of layers, such as `class Scale extends tf.layers.Layer { static className = 'Scale' }`. */
export interface LayerClass {
  readonly className: string;
  new (config: never): tf.layers.Layer;
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

/** The model in a topology: that of Keras has other entries beside it. */
export const layerTopology = (topology: object): LayerTopology =>
  (topology as { model_config?: LayerTopology }).model_config ?? topology;

/** A layer whose class is not registered with TensorFlow.js. */
interface UnknownLayer {
  readonly name: unknown;
  readonly className: string;
}

/** The layers of a topology, at any depth, whose classes are not registered with TensorFlow.js. */
export function unknownLayers(topology: object): UnknownLayer[] {
  const registered = tf.serialization.SerializationMap.getMap().classNameMap;
  const found: UnknownLayer[] = [];
  const visit = (described: unknown): void => {
    // A custom layer may have an option `layers` or `layer` that holds something else.
    if (typeof described !== 'object' || described === null) return;
    const { class_name: className, name, config } = described as LayerTopology;
    const { layers, layer, name: configName } = (config ?? {}) as Record<string, unknown>;
    if (typeof className === 'string' && !Object.hasOwn(registered, className))
      found.push({ name: name ?? configName, className });
    for (const inner of [config, layers].find(Array.isArray) ?? []) visit(inner);
    visit(layer);
  };
  visit(layerTopology(topology));
  return found;
}

/**
 * Throws an InputError that names the first layer, at any depth, whose class is not registered with
 * TensorFlow.js.
 */
export function expectRegisteredLayers(topology: object, location: string): void {
  const [unknown] = unknownLayers(topology);
  if (unknown)
    throw new InputError(
      `Expected ${location} to hold layers of known classes,` +
        ` got layer ${JSON.stringify(unknown.name)} of class ${JSON.stringify(unknown.className)}:` +
        ' pass that class in customLayers',
      { code: 'unknown-layer' },
    );
}
