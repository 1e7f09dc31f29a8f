import * as tf from '@tensorflow/tfjs';
import { describeWrongUse } from '../../../test/support/exports/describe-wrong-use.js';

await describeWrongUse(import.meta.url, {
  samples: {
    'tf.LayersModel': tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] }),
    StateDict: new Map(),
  },
});
