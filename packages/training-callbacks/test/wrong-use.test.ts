import * as tf from '@tensorflow/tfjs';
import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

function compiledModel(): tf.LayersModel {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
  return model;
}

await describeWrongUse(import.meta.url, {
  samples: {
    'tf.LayersModel': compiledModel(),
    'tf.Optimizer': tf.train.sgd(0.1),
    LearningRateSchedule: () => 0.1,
    '(progress: TrainingProgress) => void': () => undefined,
    'number | readonly number[]': 1,
  },
});
