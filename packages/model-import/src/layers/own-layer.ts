import * as tf from '@tensorflow/tfjs';

export type Shape = (number | null)[];

/** Adds a weight to a layer, as TensorFlow.js's own layers do. It declares the method as none of ours. */
export function addWeight(
  layer: tf.layers.Layer,
  name: string,
  {
    shape,
    initializer = 'zeros',
    trainable = true,
  }: { shape: number[]; initializer?: 'zeros' | 'ones' | 'glorotUniform'; trainable?: boolean },
): tf.LayerVariable {
  const initializers = tf.initializers as unknown as Record<string, (config: object) => object>;
  const add = (layer as unknown as { addWeight(...args: unknown[]): tf.LayerVariable }).addWeight;
  return add.call(layer, name, shape, 'float32', initializers[initializer]({}), undefined, trainable);
}

/** A layer of one input and one output that keeps its options. */
export abstract class OwnLayer<Options extends object> extends tf.layers.Layer {
  protected readonly options: Options;

  constructor(config: Options & { name?: string }) {
    super(config as never);
    this.options = this.read(config);
  }

  /** The options of its own among all that a layer is made with. */
  protected abstract read(config: Options): Options;
  protected abstract shapeOf(input: Shape): Shape;
  protected abstract compute(x: tf.Tensor): tf.Tensor;

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return this.shapeOf(Array.isArray(shape[0]) ? (shape[0] as Shape) : (shape as Shape));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.compute(Array.isArray(inputs) ? inputs[0] : inputs));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.options as tf.serialization.ConfigDict) };
  }
}

/** The length that a window leaves of an axis. */
export function windowed(
  size: number | null,
  {
    kernel,
    stride,
    dilation = 1,
    padding,
  }: { kernel: number; stride: number; dilation?: number; padding: string },
): number | null {
  if (size === null) return null;
  const span = padding === 'same' || padding === 'causal' ? 1 : (kernel - 1) * dilation + 1;
  return Math.floor((size - span) / stride) + 1;
}
