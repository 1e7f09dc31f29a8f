import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@convlens/tfjs-backend-simd';
import type { Requirement } from '../../../test/support/requirements.js';

const require = createRequire(import.meta.url);

/** Loads @tensorflow/tfjs-node with our copy of TensorFlow.js; returns the reason if it cannot be loaded. */
function loadTensorFlow(): string | undefined {
  try {
    const requireOfNode = createRequire(require.resolve('@tensorflow/tfjs-node'));
    const ourTf = require('@tensorflow/tfjs') as typeof tf;
    require.cache[requireOfNode.resolve('@tensorflow/tfjs')] =
      require.cache[require.resolve('@tensorflow/tfjs')];
    requireOfNode('@tensorflow/tfjs-node');
    return ourTf.findBackendFactory('tensorflow') ? undefined : 'it registered no backend';
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

const absence = loadTensorFlow();

/** The native backend. It is optional, because its installation often fails. */
export const tensorFlow: Requirement = {
  name: 'tfjs-node',
  isPresent: absence === undefined,
  absence: `@tensorflow/tfjs-node does not load: ${absence}`,
};

const always = (name: string): Requirement => ({ name, isPresent: true, absence: '' });

/** The backends of the golden tests, with the requirement of each. */
export const goldenBackends = [
  ['cpu', always('cpu')],
  ['wasm', always('wasm')],
  ['simd', always('simd')],
  ['tensorflow', tensorFlow],
] as const;

/** Sets the backend; throws if it does not start. */
export async function useBackend(name: 'cpu' | 'wasm' | 'simd' | 'tensorflow'): Promise<void> {
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  if (!(await tf.setBackend(name))) throw new Error(`Expected the backend ${name} to start`);
}
