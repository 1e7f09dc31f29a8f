import * as tf from '@tensorflow/tfjs';
import { KerasLayer, pick, type Shape } from './keras-layer.js';

export interface ResizeImagesOptions {
  /** [height, width], in pixels or, if `relative`, as factors. */
  to: [number, number];
  relative: boolean;
  interpolation: 'nearest' | 'bilinear';
}

/**
 * keras.layers.Resizing and UpSampling2D. The centers of pixels are at half-integer positions; the layers of
 * TensorFlow.js with these names align the images differently.
 */
export class ResizeImages extends KerasLayer<ResizeImagesOptions> {
  static className = 'ResizeImages';

  protected pickOptions(config: ResizeImagesOptions) {
    return pick(config, ['to', 'relative', 'interpolation']);
  }

  protected override inferShape([batch, height, width, channels]: Shape): Shape {
    const { to, relative } = this.options;
    const resized = (size: number | null, axis: 0 | 1) => {
      if (!relative) return to[axis];
      return size === null ? null : size * to[axis];
    };
    return [batch, resized(height, 0), resized(width, 1), channels];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const [, height, width] = this.inferShape(x.shape);
    const resize = { nearest: tf.image.resizeNearestNeighbor, bilinear: tf.image.resizeBilinear };
    return resize[this.options.interpolation](x as tf.Tensor4D, [height!, width!], false, true);
  }
}
