import { readFileSync } from 'node:fs';
import { loadModel } from '@convlens/models';
import { folderStore } from '@convlens/storage/node';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { convlens } from '../convlens.js';

/** What make-torchvision.py says of a network. */
interface Reference {
  readonly shape: [number, number, number, number];
  readonly pixels: number[];
  readonly logits: number[][];
}

export interface TorchNetwork {
  /** The state dict. */
  readonly file: string;
  /** The module that builds the model. */
  readonly module: string;
  /** The images, and what PyTorch computes of them. */
  readonly reference: string;
}

/**
 * Imports a state dict from the command line, and returns the largest difference between the logits of the model folder and
 * those of PyTorch.
 */
export async function importDifference(
  { file, module, reference }: TorchNetwork,
  out: string,
): Promise<number> {
  const args = ['import', file, '--architecture', module, '--out', out, '--preprocessing', 'unit'];
  const { status, stderr } = await convlens(...args);
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^(Not used, .*num_batches_tracked.*\n)?$/m)]);
  const { model } = await loadModel(folderStore(out));
  try {
    const { shape, pixels, logits } = JSON.parse(readFileSync(reference, 'utf8')) as Reference;
    const actual = tf.tidy(() => {
      const images = tf.tensor(pixels, shape, 'float32').div(tf.scalar(255));
      return (model.predict(images) as tf.Tensor).dataSync();
    });
    const expected = logits.flat();
    const largest = Math.max(1, ...expected.map(Math.abs));
    expect(actual.length).toBe(expected.length);
    return Math.max(...expected.map((value, i) => Math.abs(value - actual[i]) / largest));
  } finally {
    model.dispose();
  }
}
