import * as tf from '@tensorflow/tfjs';

type RunKernel = (
  kernelName: string,
  inputs: Record<string, tf.Tensor | undefined>,
  attributes?: object,
) => unknown;

/**
 * Runs batch normalization without a scale or an offset with ones or zeros where a gradient is recorded. TensorFlow.js
 * records the missing tensor, and throws in the gradient (tensorflow/tfjs#2868).
 */
export function correctBatchNormParameters(): void {
  const engine = tf.engine() as unknown as { runKernel: RunKernel; state: { gradientDepth: number } };
  const { runKernel } = engine;
  engine.runKernel = function (kernelName, inputs, attributes) {
    const isRecorded = kernelName === 'FusedBatchNorm' && engine.state.gradientDepth > 0;
    return runKernel.call(this, kernelName, isRecorded ? withParameters(inputs) : inputs, attributes);
  };
}

/** The inputs with all parameters, in the shape of the mean. */
function withParameters(inputs: Record<string, tf.Tensor | undefined>): Record<string, tf.Tensor> {
  const { x, mean, variance, scale, offset } = inputs as Record<string, tf.Tensor>;
  return { x, mean, variance, scale: scale ?? tf.onesLike(mean), offset: offset ?? tf.zerosLike(mean) };
}
