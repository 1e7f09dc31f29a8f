import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@convlens/tfjs-backend-simd';

/** Makes a backend the one in use; throws if it cannot be. */
export async function useBackend(name: 'cpu' | 'wasm' | 'simd'): Promise<void> {
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(wasm)}/`);
  if (!(await tf.setBackend(name))) throw new Error(`Expected the backend ${name} to start`);
}
