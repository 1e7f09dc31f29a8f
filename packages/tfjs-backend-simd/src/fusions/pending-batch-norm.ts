import * as tf from '@tensorflow/tfjs';
import type { PendingOperation, SimdBackend } from '../backend.js';
import { MIN_PARALLEL_SIZE } from '../threads/parallel-size.js';

/** A tensor as rows of channels, which is how the kernels read it. */
export function rowsOf(x: tf.TensorInfo): { rows: number; channels: number; serial: boolean } {
  const size = tf.util.sizeFromShape(x.shape);
  const channels = x.shape[x.shape.length - 1];
  return { rows: size / channels, channels, serial: size < MIN_PARALLEL_SIZE };
}

/** Calls `work` with the address of the rows mean, gamma / deviation, 1 / deviation and beta. */
export type WithStatistics = (work: (address: number) => void) => void;

/**
 * A pending batch normalization. Its first reader computes it: a ReLU does both in one pass, without writing
 * the normalized values to memory.
 */
export class PendingBatchNorm implements PendingOperation {
  constructor(
    private readonly backend: SimdBackend,
    private readonly x: tf.TensorInfo,
    private readonly withStatistics: WithStatistics,
    readonly inputs: readonly tf.TensorInfo[],
    /**
     * The data id of the statistics, by which the gradient recognizes the ReLU of its own batch norm;
     * undefined in inference.
     */
    readonly statistics?: object,
  ) {}

  computeInto(address: number, { rectify = false } = {}): void {
    const { rows, channels, serial } = rowsOf(this.x);
    const x = this.backend.address(this.x);
    this.withStatistics((statistics) => {
      const args = [x, address, rows, channels, statistics, Number(rectify)];
      this.backend.threadPool.dispatch('batchNormApply', args, { serial });
    });
  }
}
