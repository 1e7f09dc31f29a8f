import * as tf from '@tensorflow/tfjs';
import type { Pending, SimdBackend } from '../backend.js';

/** Below this many values, one thread is faster. */
const SMALL = 16_384;

/** How the kernels see a tensor: rows of channels. */
export function rowsOf(x: tf.TensorInfo): { rows: number; channels: number; alone: boolean } {
  const size = tf.util.sizeFromShape(x.shape);
  const channels = x.shape[x.shape.length - 1];
  return { rows: size / channels, channels, alone: size < SMALL };
}

/** Runs `work` with the address of mean, gamma / deviation, 1 / deviation and beta, a row each. */
export type WithStatistics = (work: (address: number) => void) => void;

/**
 * A normalization that waits. The pass over memory is made by whoever reads the result first: a ReLU makes it along with
 * its own, so that what lies between is never written.
 */
export class Normalization implements Pending {
  constructor(
    private readonly backend: SimdBackend,
    private readonly x: tf.TensorInfo,
    private readonly withStatistics: WithStatistics,
    readonly inputs: readonly tf.TensorInfo[],
    /** The data id of the statistics, by which the gradient knows its own; none in inference. */
    readonly statistics?: object,
  ) {}

  write(address: number, { rectify = false } = {}): void {
    const { rows, channels, alone } = rowsOf(this.x);
    const from = this.backend.address(this.x);
    this.withStatistics((statistics) =>
      this.backend.threads.run(
        'batchNormApply',
        [from, address, rows, channels, statistics, Number(rectify)],
        { alone },
      ),
    );
  }
}
