import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';

/** The files of one small network, which Keras 3.15 made or which have the layout of older versions. */
export const smallFile = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`fixtures/small/${name}`, import.meta.url))));

interface Expected {
  readonly shape: readonly number[];
  readonly input: readonly number[];
  readonly output: readonly number[];
}

/** Two images, and what Keras computes for them with the network. */
const expected = JSON.parse(new TextDecoder().decode(smallFile('expected.json'))) as Expected;

/** The largest difference between the outputs of a model and those of Keras. */
export function smallDistance(model: tf.LayersModel): number {
  return tf.tidy(() => {
    const output = model.predict(tf.tensor([...expected.input], [...expected.shape])) as tf.Tensor;
    const values = output.dataSync();
    if (values.length !== expected.output.length) return Infinity;
    return Math.max(...expected.output.map((value, i) => Math.abs(values[i] - value)));
  });
}
