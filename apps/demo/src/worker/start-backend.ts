import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';

/** Selects the backend `simd`. Throws an Error with a message for the user if the browser does not support it. */
export async function startBackend(): Promise<void> {
  tf.enableProdMode();
  if (typeof WebAssembly === 'undefined' || !(await tf.setBackend('simd')))
    throw new Error(
      'This browser does not support WebAssembly SIMD, which training needs. Please use a current browser.',
    );
}
