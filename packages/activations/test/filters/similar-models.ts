import * as tf from '@tensorflow/tfjs';
import { sequentialModel } from '../models.js';

/**
 * The sequential model with a near-duplicate: the kernel of filter 3 is twice that of filter 1, with a little
 * noise.
 */
export function modelWithCopy(): tf.Sequential {
  const model = sequentialModel();
  const [kernel, bias] = model.getLayer('conv').getWeights();
  const values = kernel
    .dataSync()
    .map((value, i, all) => (i % 4 === 3 ? 2 * all[i - 2] + 1e-3 * (i % 7) : value));
  model.getLayer('conv').setWeights([tf.tensor(values, kernel.shape), bias]);
  return model;
}
