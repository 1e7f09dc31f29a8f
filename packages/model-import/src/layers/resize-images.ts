import * as tf from '@tensorflow/tfjs';
import { OwnLayer, type Shape } from './own-layer.js';

export interface ResizeImagesOptions {
  /** The size to bring images to, [height, width] in pixels, or how many times larger they become. */
  to: [number, number];
  relative: boolean;
  interpolation: 'nearest' | 'bilinear';
}

/**
 * Brings images to another size with the centres of pixels half a pixel in, as keras.layers.Resizing and UpSampling2D do;
 * TensorFlow.js's layers of these names put the corners elsewhere.
 */
export class ResizeImages extends OwnLayer<ResizeImagesOptions> {
  static className = 'ResizeImages';

  protected read({ to, relative, interpolation }: ResizeImagesOptions): ResizeImagesOptions {
    return { to, relative, interpolation };
  }

  protected shapeOf([batch, height, width, channels]: Shape): Shape {
    const { to, relative } = this.options;
    const sized = (size: number | null, i: number) =>
      !relative ? to[i] : size === null ? null : size * to[i];
    return [batch, sized(height, 0), sized(width, 1), channels];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const [, height, width] = this.shapeOf(x.shape);
    const resize = { nearest: tf.image.resizeNearestNeighbor, bilinear: tf.image.resizeBilinear };
    return resize[this.options.interpolation](x as tf.Tensor4D, [height!, width!], false, true);
  }
}
