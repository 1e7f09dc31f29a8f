import * as tf from '@tensorflow/tfjs';
import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

const MODEL = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [2, 2, 1], filters: 1, kernelSize: 1 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 2 }),
  ],
});

await describeWrongUse(import.meta.url, {
  samples: {
    'tf.LayersModel': MODEL,
    ModelSummary: { name: 'model', layers: [], parameters: 0, trainableParameters: 0 },
    ModelMetadata: { preprocessing: { scale: 1, mean: [0], std: [1] }, classNames: ['a', 'b'] },
    'ArchitectureName | (string & {})': 'mnist-small',
  },
});
