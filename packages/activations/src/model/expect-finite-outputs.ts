import * as tf from '@tensorflow/tfjs';
import { imageIndex, InputError } from '@convlens/core';
import type { ModelInput } from './model-input.js';
import { runGraph } from './run-graph.js';

/** The rows of a batch that was run: their model inputs, and the tensors of the other inputs by value. */
export interface RunRows {
  readonly x: tf.Tensor4D;
  /** The position of the first image. */
  readonly start: number;
  readonly otherInputs: ReadonlyMap<number, tf.Tensor>;
}

/**
 * Refuses results of a batch that are not finite, `length / rows` values each row: with the first image, and the first
 * layer that outputs a value that is not finite for it.
 *
 * @throws InputError
 */
export async function expectFiniteOutputs(
  modelInput: ModelInput,
  values: Float32Array,
  rows: RunRows,
): Promise<void> {
  const position = values.findIndex((value) => !Number.isFinite(value));
  if (position < 0) return;
  const row = Math.floor(position / (values.length / rows.x.shape[0]));
  const index = imageIndex(modelInput.images, rows.start + row);
  const source = await firstNonFinite(modelInput, row, rows);
  throw new InputError(
    source
      ? `Expected finite outputs of every layer, got ${source.value} in layer ${source.name} for image ${index}: ` +
          `are the weights too large?`
      : `Expected finite results, got ${values[position]} for image ${index}: the outputs of all layers are finite, ` +
          `but their gradients are not`,
  );
}

/** The first layer whose output is not finite for a row of the batch, and a value of it. */
async function firstNonFinite(
  { graph }: ModelInput,
  row: number,
  { x, otherInputs }: RunRows,
): Promise<{ name: string; value: number } | undefined> {
  const only = <T extends tf.Tensor>(tensor: T) =>
    tf.slice(tensor, [row, ...tensor.shape.slice(1).map(() => 0)], [1, ...tensor.shape.slice(1)]) as T;
  for (const { name, outputs } of graph.nodes) {
    const output = tf.tidy(
      () =>
        runGraph(graph, [only(x)], [outputs[0]], {
          replace: new Map([...otherInputs].map(([value, tensor]) => [value, only(tensor)])),
        })[0],
    );
    const value = [...(await output.data())].find((one) => !Number.isFinite(one));
    output.dispose();
    if (value !== undefined) return { name, value };
  }
  return undefined;
}
