import * as tf from '@tensorflow/tfjs';
import { expectOneOf, type Reduction } from '@convlens/core';

const REDUCTIONS = ['mean', 'max'] as const satisfies readonly Reduction[];

export const expectReduction = (reduction: Reduction) => expectOneOf('reduction', reduction, REDUCTIONS);

/** Each feature map reduced to one number: count x channels, read from the backend. */
export async function reduceMaps(maps: tf.Tensor4D, reduction: Reduction): Promise<Float32Array> {
  const reduced = reduction === 'mean' ? tf.mean(maps, [1, 2]) : tf.max(maps, [1, 2]);
  try {
    return (await reduced.data()) as Float32Array;
  } finally {
    reduced.dispose();
  }
}
