import * as tf from '@tensorflow/tfjs';
import { getThreadsCount } from '../../src/index.js';
import { trainSmall } from '../support/train-small.js';

try {
  await tf.setBackend('simd');
  postMessage({ weights: await trainSmall(), threads: getThreadsCount(), isolated: crossOriginIsolated });
} catch (error) {
  postMessage({ error: String(error) });
}
