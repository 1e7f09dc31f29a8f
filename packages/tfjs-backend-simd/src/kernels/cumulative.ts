import * as tf from '@tensorflow/tfjs';
import type { KernelCall, SimdKernel } from '../kernel.js';

type Attributes = { axis: number } & Record<string, unknown>;

/** Along a negative axis: the kernel of the cpu backend returns a tensor without a valid shape there. */
const alongNegativeAxis = (kernelName: string): SimdKernel => ({
  kernelName,
  run({ inputs, attrs, backend }: KernelCall<{ x: tf.TensorInfo }, Attributes>) {
    if (attrs.axis >= 0) return undefined;
    const [axis] = tf.util.parseAxisParam(attrs.axis, inputs.x.shape);
    const { kernelFunc } = tf.getKernel(kernelName, 'cpu')!;
    return kernelFunc({ inputs: { ...inputs }, attrs: { ...attrs, axis } as never, backend });
  },
});

/** Cumulative sums and products. */
export const CUMULATIVE: readonly SimdKernel[] = [alongNegativeAxis('Cumsum'), alongNegativeAxis('Cumprod')];
