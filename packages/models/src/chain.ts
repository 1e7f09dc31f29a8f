import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { completeBatchNorms } from './complete-batch-norms.js';

/** One layer after the other, from images of that shape; throws an InputError if they leave nothing of so small an image. */
export function chain(name: string, inputShape: number[], layers: tf.layers.Layer[]): tf.LayersModel {
  const input = tf.input({ shape: inputShape, name: 'input' });
  const output = layers.reduce((tensor, layer) => {
    const next = layer.apply(tensor) as tf.SymbolicTensor;
    if (next.shape.every((size) => size === null || size > 0)) return next;
    for (const built of layers) if (built.built) built.dispose();
    const sizes = next.shape.slice(1).join(' x ');
    throw new InputError(
      `Expected inputShape to be large enough for ${name}, got ${inputShape.join(' x ')}: ${layer.name} would put out ${sizes}`,
    );
  }, input);
  const model = tf.model({ inputs: input, outputs: output, name });
  completeBatchNorms(model);
  return model;
}
