import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { layerTopology } from './layer-classes.js';
import { fromPythonicConfig } from './pythonic-config.js';

type AddWeight = (name: string, shape: tf.Shape, ...rest: unknown[]) => tf.LayerVariable;

type FromConfig = (
  modelClass: unknown,
  config: unknown,
  customObjects: object,
  fastWeightInit: boolean,
) => unknown;

/** A model that has more values than its file, but not more than this, is refused by its shapes, which say more. */
const MIN_LIMIT = 1 << 20;

/**
 * Builds the model that a topology describes, and passes it to `setWeights`, as `tf.loadLayersModel` does. Unlike there, a
 * topology with far more weights than `savedValues` is refused before memory is reserved for them, and no weight is left
 * if anything is refused.
 *
 * @param savedValues the number of values in the file with the weights
 * @returns the model, which the caller disposes
 */
export function buildFromTopology(
  topology: object,
  { savedValues, setWeights }: { savedValues: number; setWeights: (model: tf.LayersModel) => void },
): tf.LayersModel {
  const created: tf.LayerVariable[] = [];
  try {
    const model = countingWeights(created, savedValues, () => deserialize(topology));
    setWeights(model);
    // TensorFlow.js drops layers that do not lead to an output.
    const used = new Set(model.weights);
    for (const weight of created) if (!used.has(weight)) tf.dispose(weight.read());
    return model;
  } catch (error) {
    for (const weight of created) tf.dispose(weight.read());
    throw error;
  }
}

/** Calls `build` while each weight that a layer adds is counted and added to `created`. */
function countingWeights<T>(created: tf.LayerVariable[], savedValues: number, build: () => T): T {
  const prototype = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const { addWeight } = prototype;
  let values = 0;
  prototype.addWeight = function (this: tf.layers.Layer, name, shape, ...rest) {
    values += shape.reduce<number>((product, size) => product * (size ?? NaN), 1);
    if (!(values <= Math.max(2 * savedValues, MIN_LIMIT)))
      throw new InputError(
        `the weight ${this.name}/${name} of ${shape.join(' x ')} values has more than the weight files hold`,
      );
    const weight = addWeight.call(this, name, shape, ...rest);
    created.push(weight);
    return weight;
  };
  try {
    return build();
  } finally {
    prototype.addWeight = addWeight;
  }
}

/** The first steps of `tf.loadLayersModel`, which does not export them. */
function deserialize(topology: object): tf.LayersModel {
  const { className, config } = fromPythonicConfig(layerTopology(topology)) as Record<string, unknown>;
  const classes = tf.serialization.SerializationMap.getMap().classNameMap;
  const isKnown = typeof className === 'string' && Object.hasOwn(classes, className);
  if (!isKnown || typeof config !== 'object' || config === null)
    throw new Error(`expected class_name and config of a model, got ${JSON.stringify(className)}`);
  const [modelClass, fromConfig] = classes[className] as unknown as [unknown, FromConfig];
  const model = fromConfig(modelClass, config, {}, true);
  if (!(model instanceof tf.LayersModel))
    throw new Error(`expected a model, got a layer of class ${className}`);
  return model;
}
