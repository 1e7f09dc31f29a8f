import * as tf from '@tensorflow/tfjs';
import type { Shape } from '../layers/keras-layer.js';

/** keras.ops.stack: tensors of one shape along a new axis. */
export class StackTensors extends tf.layers.Layer {
  static className = 'StackTensors';
  /** Where the new axis is in the output; negative from the end. */
  private readonly axis: number;

  constructor(config: { axis: number; name?: string }) {
    super(config as never);
    this.axis = config.axis;
  }

  override computeOutputShape(shapes: Shape[]): Shape {
    const [shape] = shapes;
    const axis = this.axis < 0 ? this.axis + shape.length + 1 : this.axis;
    return [...shape.slice(0, axis), shapes.length, ...shape.slice(axis)];
  }

  override call(inputs: tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => tf.stack(inputs, this.axis < 0 ? this.axis + inputs[0].rank + 1 : this.axis));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis };
  }
}
