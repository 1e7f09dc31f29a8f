import * as tf from '@tensorflow/tfjs';
import { OutOfMemory } from '../backend.js';
import { activeBackend, gradientDepth } from './active-backend.js';
import { fuseLayer } from './layer-class.js';
import { writableAddress } from './writable-address.js';

interface LayerVariable {
  read(): tf.Variable;
}

interface BatchNormalization {
  axis: number;
  epsilon: number;
  momentum: number;
  gamma?: LayerVariable;
  beta?: LayerVariable;
  movingMean: LayerVariable;
  movingVariance: LayerVariable;
}

/**
 * Runs the layer BatchNormalization (Ioffe and Szegedy, 2015), in training and over the last axis, as one kernel each way
 * where `simd` is active; TensorFlow.js composes it of about 40. The moving statistics are updated as it does.
 */
export function fuseBatchNorm(): void {
  tf.registerGradient({
    kernelName: 'SimdBatchNorm',
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    gradFunc(dys, [x, statistics]) {
      const [dy] = dys as tf.Tensor[];
      const gradients = tf.engine().runKernel('SimdBatchNormGradient', { dy, x, statistics }) as tf.Tensor[];
      return { x: () => gradients[0], scale: () => gradients[1], offset: () => gradients[2] };
    },
  });
  fuseLayer<BatchNormalization>('BatchNormalization', (layer, inputs, kwargs) => {
    const backend = activeBackend();
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    // A second gradient needs one that can be differentiated itself.
    if (!backend || !kwargs?.training || gradientDepth() > 1) return undefined;
    const channels = x.shape[x.rank - 1];
    if (![-1, x.rank - 1].includes(layer.axis) || x.rank < 2 || x.dtype !== 'float32' || x.size === 0)
      return undefined;
    try {
      return tf.tidy(() => {
        const scale = layer.gamma?.read() ?? tf.ones([channels]);
        const offset = layer.beta?.read() ?? tf.zeros([channels]);
        const moving = [layer.movingMean, layer.movingVariance].map((variable) =>
          writableAddress(backend, variable.read()),
        );
        const { epsilon, momentum } = layer;
        const attributes = { epsilon, momentum, moving };
        return (tf.engine().runKernel('SimdBatchNorm', { x, scale, offset }, attributes) as tf.Tensor[])[0];
      });
    } catch (error) {
      if (error instanceof OutOfMemory) return undefined;
      throw error;
    }
  });
}
