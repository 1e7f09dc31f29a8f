import { createRequire } from 'node:module';
import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { expect, it, vi } from 'vitest';
import { earlyStopping } from '../../src/index.js';

it('reports a second copy of TensorFlow.js, whether first in the list or not', async () => {
  // The second copy warns about every kernel that the first has registered.
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const other = createRequire(import.meta.url)('@tensorflow/tfjs/dist/tf.min.js') as typeof tf;
  warn.mockRestore();
  const model = other.sequential({ layers: [other.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const x = other.ones([2, 1]);
  const message = 'Two copies of TensorFlow.js are loaded: run npm dedupe';
  for (const callbacks of [[earlyStopping()], [new other.CustomCallback({}), earlyStopping()]])
    await expect(model.fit(x, x, { verbose: 0, callbacks })).rejects.toThrow(new InputError(message));
});

it('reports a missing model if setModel was not called', async () => {
  const callback = earlyStopping({ restoreBestWeights: true });
  await callback.onTrainBegin();
  await expect(callback.onEpochEnd(0, { val_loss: 1 })).rejects.toThrow(
    new InputError('Expected setModel to be called before training, got no model'),
  );
});
