import * as tf from '@tensorflow/tfjs';

/** The values of `graph` on backend simd and on the cpu backend. Backend simd is active afterwards. */
export async function onBoth(graph: () => tf.Tensor): Promise<{ simd: number[]; cpu: number[] }> {
  const run = () => tf.tidy(() => [...graph().dataSync()]);
  await tf.setBackend('cpu');
  const cpu = run();
  await tf.setBackend('simd');
  return { simd: run(), cpu };
}
