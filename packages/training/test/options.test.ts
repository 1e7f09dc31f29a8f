import { memoryStore } from '@convlens/storage';
import type * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import * as api from '../src/index.js';

const model = {} as tf.LayersModel;

/** A call of each function with a misspelled option, and the option that the message suggests. */
const CALLS: Readonly<
  Record<string, readonly [call: (options: never) => unknown, misspelled: string, meant: string]>
> = {
  fit: [(options) => api.fit(model, options), 'epoch', 'epochs'],
  compileClassifier: [(options) => api.compileClassifier(model, options), 'learning_rate', 'learningRate'],
  expectCompileOptions: [(options) => api.expectCompileOptions(options), 'weightdecay', 'weightDecay'],
  openCheckpoints: [(options) => api.openCheckpoints(memoryStore(), options), 'kep', 'keep'],
};

const WITHOUT_OPTIONS = ['captureOptimizer', 'crossEntropy', 'disposeOptimizer', 'restoreOptimizer'];

describe('an unknown option is refused', () => {
  it('by every exported function', () => {
    const functions = Object.entries(api).filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name).sort()).toEqual(
      [...Object.keys(CALLS), ...WITHOUT_OPTIONS].sort(),
    );
  });

  it.each(Object.entries(CALLS))('by %s', async (name, [call, misspelled, meant]) => {
    await expect(async () => call({ [misspelled]: 1 } as never)).rejects.toThrow(
      `of ${name}, got ${JSON.stringify(misspelled)}; did you mean ${meant}?`,
    );
  });

  it('by fit as a rejection, not as an exception', async () => {
    const fitting = api.fit(model, { epoch: 3 } as never);
    await expect(fitting).rejects.toThrow('did you mean epochs?');
  });
});
