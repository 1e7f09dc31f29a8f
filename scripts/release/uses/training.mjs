import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import { compileClassifier } from '@convlens/training';

const model = tf.sequential({
  layers: [tf.layers.dense({ units: 3, inputShape: [2], activation: 'softmax' })],
});
compileClassifier(model, { optimizer: 'adam', learningRate: 1e-3 });
assert.equal(model.optimizer.getClassName(), 'Adam');
