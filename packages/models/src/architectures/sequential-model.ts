import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { completeBatchNorms } from '../layers/complete-batch-norms.js';

/**
 * A model of layers in a row.
 *
 * @throws InputError if the output of a layer is empty, because the images are too small.
 */
export function sequentialModel(
  name: string,
  inputShape: number[],
  layers: tf.layers.Layer[],
): tf.LayersModel {
  const input = tf.input({ shape: inputShape, name: 'input' });
  const output = layers.reduce((tensor, layer) => {
    const next = layer.apply(tensor) as tf.SymbolicTensor;
    if (next.shape.every((size) => size === null || size > 0)) return next;
    for (const builtLayer of layers) if (builtLayer.built) builtLayer.dispose();
    const sizes = next.shape.slice(1).join(' x ');
    throw new InputError(
      `Expected inputShape to be large enough for ${name}, got ${inputShape.join(' x ')}:` +
        ` ${layer.name} would output ${sizes}`,
    );
  }, input);
  const model = tf.model({ inputs: input, outputs: output, name });
  completeBatchNorms(model);
  return model;
}
