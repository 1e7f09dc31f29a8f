import { randomAt } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { importKeras } from '../../src/index.js';
import { files } from '../reference.js';

/** "imported", or the message of an InputError. Other errors are thrown. */
export async function outcome(bytes: Uint8Array, fileName = 'a.keras'): Promise<string> {
  try {
    (await importKeras(bytes, { fileName })).model.dispose();
    return 'imported';
  } catch (error) {
    if ((error as Error).name === 'InputError') return (error as Error).message;
    throw error;
  }
}

/** Tests files with random bytes replaced: all of them, or a part. */
export function testReplacedBytes({ part = 1 }: { part?: number } = {}): void {
  it.each([
    ['merges.h5', 5000 * part],
    ['multi-input.keras', 3000 * part],
    ['nested-classifier.h5', 2000 * part],
  ])(
    'is imported or ends in an InputError, and leaves no tensor: %s with random bytes replaced, %i times',
    async (name, count) => {
      const before = tf.memory().numTensors;
      let refused = 0;
      for (let i = 0; i < count; i++) {
        const random = randomAt(9, name, i);
        const mutant = files[name].slice();
        for (let edits = 1 + Math.floor(random() * 8); edits > 0; edits--)
          mutant[Math.floor(random() * mutant.length)] = Math.floor(random() * 256);
        if ((await outcome(mutant, name)) !== 'imported') refused++;
      }
      expect(refused).toBeGreaterThan(count / 20);
      expect(tf.memory().numTensors).toBe(before);
    },
    60_000,
  );
}
