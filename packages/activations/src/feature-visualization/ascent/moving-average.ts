import * as tf from '@tensorflow/tfjs';

/** An exponential moving average that starts at zero. */
export class MovingAverage {
  private average?: tf.Tensor4D;

  /** @param decay the weight of the old average, 0 to 1 */
  constructor(private readonly decay: number) {}

  /** Adds a value and returns the average, which belongs to this object. */
  update(value: tf.Tensor4D): tf.Tensor4D {
    const before = this.average;
    this.average = tf.tidy(() => {
      const weighted = tf.mul<tf.Tensor4D>(value, 1 - this.decay);
      return before ? tf.add(tf.mul(before, this.decay), weighted) : weighted;
    });
    before?.dispose();
    return tf.keep(this.average);
  }

  dispose(): void {
    this.average?.dispose();
  }
}
