import { memoryStore } from '@convlens/storage';
import type * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { describeUnknownOptions, type MisspelledCall } from '../../../test/support/unknown-options.js';
import * as api from '../src/index.js';

const model = {} as tf.LayersModel;

const CALLS: Readonly<Record<string, MisspelledCall>> = {
  fit: [(options) => api.fit(model, options), 'epoch', 'epochs'],
  compileClassifier: [(options) => api.compileClassifier(model, options), 'learning_rate', 'learningRate'],
  expectCompileOptions: [(options) => api.expectCompileOptions(options), 'weightdecay', 'weightDecay'],
  openCheckpoints: [(options) => api.openCheckpoints(memoryStore(), options), 'kep', 'keep'],
};

const WITHOUT_OPTIONS = [
  'captureOptimizer',
  'crossEntropy',
  'disposeOptimizer',
  'epochRecordSchema',
  'restoreOptimizer',
];

describeUnknownOptions(api, CALLS, WITHOUT_OPTIONS);

describe('an unknown option is refused', () => {
  it('by fit as a rejection, not as an exception', async () => {
    const fitting = api.fit(model, { epoch: 3 } as never);
    await expect(fitting).rejects.toThrow('did you mean epochs?');
  });
});
