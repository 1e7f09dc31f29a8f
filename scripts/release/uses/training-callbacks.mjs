import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import { earlyStopping } from '@convlens/training-callbacks';

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
const x = tf.linspace(-1, 1, 16).reshape([16, 1]);
const stop = earlyStopping({ patience: 2 });
await model.fit(x, x, { epochs: 3, verbose: 0, validationSplit: 0.25, callbacks: [stop] });
assert.ok(stop.bestEpoch >= 0);
