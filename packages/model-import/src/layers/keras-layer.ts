import * as tf from '@tensorflow/tfjs';

export type Shape = (number | null)[];

interface WeightOptions {
  readonly shape: number[];
  readonly initializer?: 'zeros' | 'ones' | 'glorotUniform';
  readonly trainable?: boolean;
}

/**
 * Adds a weight to a layer, as the layers of TensorFlow.js do; the method is not in its type declarations.
 */
export function addWeight(
  layer: tf.layers.Layer,
  name: string,
  { shape, initializer = 'zeros', trainable = true }: WeightOptions,
): tf.LayerVariable {
  const initializers = tf.initializers as unknown as Record<string, (config: object) => object>;
  const add = (layer as unknown as { addWeight(...args: unknown[]): tf.LayerVariable }).addWeight;
  return add.call(layer, name, shape, 'float32', initializers[initializer]({}), undefined, trainable);
}

/** The properties of an object with these keys. */
export function pick<T extends object, Key extends keyof T>(object: T, keys: readonly Key[]): Pick<T, Key> {
  return Object.fromEntries(keys.map((key) => [key, object[key]])) as Pick<T, Key>;
}

/** A layer with one input and one output. Its options are saved in its config. */
export abstract class KerasLayer<Options extends object> extends tf.layers.Layer {
  protected readonly options: Options;

  constructor(config: Options & { name?: string }) {
    super(config as never);
    this.options = this.pickOptions(config);
  }

  /** The options of this class, without those of every layer. */
  protected abstract pickOptions(config: Options): Options;
  /** The output shape, with the batch size; the input shape by default. */
  protected inferShape(input: Shape): Shape {
    return input;
  }
  protected abstract compute(x: tf.Tensor): tf.Tensor;

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return this.inferShape(singleShape(shape));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.compute(Array.isArray(inputs) ? inputs[0] : inputs));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.options as tf.serialization.ConfigDict) };
  }
}

/** The shape of the only input: TensorFlow.js passes a shape or a list with one shape. */
export const singleShape = (shape: Shape | Shape[]): Shape =>
  (Array.isArray(shape[0]) ? shape[0] : shape) as Shape;

/** Windows along an axis. */
export interface Window {
  readonly kernelSize: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: 'valid' | 'same' | 'causal';
}

/** The number of windows along an axis of `size` positions; null if the size is unknown. */
export function convOutputLength(
  size: number | null,
  { kernelSize, stride, dilation, padding }: Window,
): number | null {
  if (size === null) return null;
  const span = padding === 'valid' ? (kernelSize - 1) * dilation + 1 : 1;
  return Math.floor((size - span) / stride) + 1;
}
