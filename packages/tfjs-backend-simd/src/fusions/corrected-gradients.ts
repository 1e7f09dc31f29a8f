import * as tf from '@tensorflow/tfjs';
import { registerGradient } from '@convlens/tfjs-gradients';
import { scaleFactors } from '../kernels/resize-nearest.js';
import { activeBackend, gradientDepth } from './active-backend.js';
import { unlessOutOfMemory } from './out-of-memory.js';

type Attributes = Record<string, unknown>;

/** A gradient of @convlens/tfjs-gradients that kernels of this backend compute in fewer passes. */
interface CorrectedGradient {
  readonly kernelName: string;
  /** Whether the kernels compute it. */
  supports(saved: readonly tf.Tensor[], attributes: Attributes): boolean;
  /** The gradient of each input, by the names and inputs of the kernels. */
  gradients(
    dy: tf.Tensor,
    saved: readonly tf.Tensor[],
    attributes: Attributes,
  ): Record<string, [kernelName: string, inputs: tf.NamedTensorMap, attributes: Attributes]>;
}

const resizing = (
  kernelName: string,
  gradientKernel: string,
  supports: CorrectedGradient['supports'],
): CorrectedGradient => ({
  kernelName,
  supports,
  gradients: (dy, [images], attributes) => ({ images: [gradientKernel, { dy, images }, attributes] }),
});

/**
 * The kernels have names of their own, without a kernel of the cpu backend to fall back on: that computes other values
 * where it is corrected.
 */
const CORRECTED_GRADIENTS: readonly CorrectedGradient[] = [
  {
    kernelName: 'AvgPool',
    supports: () => true,
    gradients: (dy, [x], attributes) => ({ x: ['SimdAvgPoolGradient', { dy, input: x }, attributes] }),
  },
  {
    kernelName: 'DepthwiseConv2dNative',
    supports: () => true,
    gradients: (dy, [x, filter], attributes) => ({
      x: ['SimdDepthwiseInputGradient', { dy, filter }, { ...attributes, inputShape: x.shape }],
      filter: ['SimdDepthwiseFilterGradient', { x, dy }, { ...attributes, filterShape: filter.shape }],
    }),
  },
  resizing('ResizeBilinear', 'SimdResizeBilinearGradient', () => true),
  resizing(
    'ResizeNearestNeighbor',
    'SimdResizeNearestGradient',
    ([images], { alignCorners, size }) =>
      !alignCorners && scaleFactors(images.shape.slice(1, 3), size as number[]) !== undefined,
  ),
];

/**
 * Computes corrected gradients by one kernel each, where `simd` is active and no second-order gradient is recorded;
 * @convlens/tfjs-gradients composes them of several.
 */
export function fuseCorrectedGradients(): void {
  for (const corrected of CORRECTED_GRADIENTS) {
    const original = tf.getGradient(corrected.kernelName);
    registerGradient({
      ...original,
      gradFunc(dy, saved, attributes) {
        const composed = () => original.gradFunc(dy, saved, attributes);
        const isSupported =
          activeBackend() !== undefined &&
          gradientDepth() === 0 &&
          [dy as tf.Tensor, ...saved].every(({ size, dtype }) => size > 0 && dtype === 'float32') &&
          corrected.supports(saved, attributes as Attributes);
        if (!isSupported) return composed();
        const fused = corrected.gradients(dy as tf.Tensor, saved, attributes as Attributes);
        return Object.fromEntries(
          Object.entries(fused).map(([input, [kernelName, inputs, kernelAttributes]]) => [
            input,
            () =>
              unlessOutOfMemory(
                () => tf.engine().runKernel(kernelName, inputs, kernelAttributes as never) as tf.Tensor,
              ) ?? composed()[input](),
          ]),
        );
      },
    });
  }
}
