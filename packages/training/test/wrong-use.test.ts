import * as tf from '@tensorflow/tfjs';
import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';
import { captureOptimizer } from '../src/index.js';

const OPTIMIZER = tf.train.sgd(0.1);

function compiledModel(): tf.LayersModel {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2, 2, 1] })] });
  model.compile({ optimizer: OPTIMIZER, loss: 'meanSquaredError' });
  return model;
}

await describeWrongUse(import.meta.url, {
  samples: {
    'tf.LayersModel': compiledModel(),
    'tf.Optimizer': OPTIMIZER,
    'tf.Tensor': tf.tensor2d([[0, 1]]),
    OptimizerState: await captureOptimizer(OPTIMIZER),
    Options: {},
    BatchSource: () => [],
  },
});
