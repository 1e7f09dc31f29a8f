import * as tf from '@tensorflow/tfjs';

/** One layer after the other, from images of that shape. */
export function chain(name: string, inputShape: number[], layers: tf.layers.Layer[]): tf.LayersModel {
  const input = tf.input({ shape: inputShape, name: 'input' });
  const output = layers.reduce((tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor, input);
  return tf.model({ inputs: input, outputs: output, name });
}
