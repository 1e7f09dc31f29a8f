import { randomAt } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { mutateJson } from '../../../../test/support/mutate-json.js';
import { importGraphModel } from '../../src/index.js';
import { expectedOf, graphFiles } from './graph-models.js';

/** What reading a damaged graph may take at most, in milliseconds on the cpu backend of a busy machine. */
const MAX_MILLISECONDS = 20_000;

/**
 * Imports a graph of these files and predicts two images. Returns "read", or the message of an InputError; other errors are
 * thrown.
 */
async function outcome(name: string, json: Uint8Array, weights: Uint8Array): Promise<string> {
  const { shape, images } = expectedOf(name);
  let model: tf.LayersModel | undefined;
  try {
    let parsed: Record<string, unknown>;
    try {
      parsed = Object(JSON.parse(new TextDecoder().decode(json)));
    } catch {
      return 'no JSON';
    }
    const { modelTopology, weightsManifest, signature } = parsed as never;
    const weightSpecs = (weightsManifest as { weights?: unknown }[] | undefined)?.[0]?.weights;
    const weightData = weights.slice().buffer;
    ({ model } = await importGraphModel({ modelTopology, weightSpecs, weightData, signature } as never));
    tf.tidy(() => {
      // A damaged graph may read images of other sizes.
      const sizes = model!.inputs.map((input) => input.shape.map((size, axis) => size ?? shape[axis] ?? 1));
      const fits = sizes.length === 1 && JSON.stringify(sizes[0]) === JSON.stringify(shape);
      const x = sizes.map((size) => (fits ? tf.tensor(images, shape) : tf.zeros(size)));
      for (const output of [model!.predict(x)].flat()) expect(output.shape[0]).toBe(shape[0]);
    });
    return 'read';
  } catch (error) {
    if ((error as Error).name === 'InputError') return (error as Error).message;
    throw error;
  } finally {
    model?.dispose();
  }
}

const flipByte = (bytes: Uint8Array, seed: string, i: number) => {
  const random = randomAt(11, seed, i);
  const at = Math.floor(random() * bytes.length);
  return bytes.with(at, Math.floor(random() * 256));
};

/** The graphs, with the number of damaged copies of model.json and of weights.bin. */
const DAMAGED: readonly [name: string, jsons: number, weights: number][] = [
  ['plain', 600, 200],
  ['residual', 400, 100],
  ['branches', 400, 200],
  ['attention-raw', 300, 100],
  ['any-size', 300, 100],
];

/** Tests damaged graph models: all copies, or a part. */
export function testDamagedGraphs({ part = 1 }: { part?: number } = {}): void {
  it.each(
    DAMAGED.map(
      ([name, jsons, weights]) => [name, Math.ceil(jsons * part), Math.ceil(weights * part)] as const,
    ),
  )(
    'is read or refused with a reason that does not print the graph, and leaves no tensor: %s, %i and %i times',
    { timeout: 600_000 },
    async (name, jsons, weights) => {
      const { 'model.json': json, 'weights.bin': data } = graphFiles(name);
      const text = new TextDecoder().decode(json);
      const before = tf.memory().numTensors;
      let refused = 0;
      const expectSound = async (title: string, damagedJson: Uint8Array, damagedData: Uint8Array) => {
        const start = performance.now();
        const result = await outcome(name, damagedJson, damagedData).catch((error: Error) => {
          throw new Error(`${title}: ${error.stack}`);
        });
        expect(result.length, result).toBeLessThan(600);
        expect(performance.now() - start, `${title}: ${result}`).toBeLessThan(MAX_MILLISECONDS);
        expect(tf.memory().numTensors, `${title}: ${result}`).toBe(before);
        if (result !== 'read') refused += 1;
      };
      for (let i = 0; i < jsons; i++)
        await expectSound(`model.json ${i}`, mutateJson(text, randomAt(7, name, i)), data);
      for (let i = 0; i < weights; i++) await expectSound(`weights ${i}`, json, flipByte(data, name, i));
      expect(refused).toBeGreaterThan(0.2 * jsons);
    },
  );
}
