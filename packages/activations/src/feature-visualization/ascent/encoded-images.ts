import * as tf from '@tensorflow/tfjs';
import type { Encoding } from '../parametrization/encoding.js';

/**
 * A batch of images during an ascent: the parameters that the optimizer changes, and the pixels they decode
 * to.
 */
export class EncodedImages {
  parameters: tf.Tensor4D;
  /** count x height x width x channels, on the scale 0..1. */
  pixels: tf.Tensor4D;

  constructor(
    private readonly encoding: Encoding,
    start: tf.Tensor4D,
  ) {
    this.parameters = encoding.encode(start);
    this.pixels = encoding.decode(this.parameters);
  }

  /** Replaces the parameters; the old ones are disposed. */
  setParameters(parameters: tf.Tensor4D): void {
    this.dispose();
    this.parameters = parameters;
    this.pixels = this.encoding.decode(parameters);
  }

  /** Replaces the pixels; `pixels` is not disposed. */
  setPixels(pixels: tf.Tensor4D): void {
    this.setParameters(tf.tidy(() => this.encoding.encode(pixels)));
  }

  /** Clips the pixels to 0..1. */
  clip(): void {
    this.setParameters(tf.tidy(() => this.encoding.encode(tf.clipByValue(this.pixels, 0, 1))));
  }

  /** A copy of the pixels. */
  async read(): Promise<Float32Array> {
    return Float32Array.from(await this.pixels.data());
  }

  dispose(): void {
    tf.dispose([this.parameters, this.pixels]);
  }
}
