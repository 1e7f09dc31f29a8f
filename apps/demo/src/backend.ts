import { enableWasmTraining } from '@convlens/pipeline';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';

/** Makes WebAssembly what TensorFlow.js computes with; throws an Error that the reader can use where that is not possible. */
export async function startBackend(): Promise<void> {
  if (typeof WebAssembly === 'undefined')
    throw new Error('This browser has no WebAssembly, which the network is trained with. A current one has.');
  tf.enableProdMode();
  // Threads need headers that a plain file server does not send.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plainUrl,
    'tfjs-backend-wasm-simd.wasm': simdUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
  });
  enableWasmTraining();
  if (!(await tf.setBackend('wasm')))
    throw new Error(
      'The WebAssembly part of TensorFlow.js could not be loaded. Reload the page to try again.',
    );
}
