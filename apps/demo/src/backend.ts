import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';

/** Makes our backend what TensorFlow.js computes with; throws an Error that the reader can use where that is not possible. */
export async function startBackend(): Promise<void> {
  tf.enableProdMode();
  if (typeof WebAssembly === 'undefined' || !(await tf.setBackend('simd')))
    throw new Error(
      'This browser has no WebAssembly SIMD, which the network is trained with. A current one has.',
    );
}
