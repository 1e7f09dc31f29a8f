import * as tf from '@tensorflow/tfjs';
import { getThreadsCount, setThreadsCount } from '../../src/index.js';
import { trainSmall } from '../support/train-small.js';

const warnings: string[] = [];
console.warn = (...texts: unknown[]) => warnings.push(texts.join(' '));

try {
  const requested = getThreadsCount();
  await tf.setBackend('simd');
  const threads = getThreadsCount();
  const countError = await setThreadsCount(3).then(
    () => '',
    (error: Error) => error.message,
  );
  const threadsAfter = getThreadsCount();
  postMessage({
    weights: await trainSmall(),
    requested,
    threads,
    threadsAfter,
    countError,
    warnings: warnings.filter((text) => text.includes('simd')),
    isolated: crossOriginIsolated,
  });
} catch (error) {
  postMessage({ error: String(error) });
}
