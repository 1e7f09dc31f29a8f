import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@convlens/tfjs-backend-simd';
import type { Requirement } from '../../../test/support/requirements.js';

const require = createRequire(import.meta.url);

/** Loads @tensorflow/tfjs-node, which NODE_PATH may lead to, on our copy of TensorFlow.js; says why it cannot be. */
function loadTensorFlow(): string | undefined {
  try {
    const theirs = createRequire(require.resolve('@tensorflow/tfjs-node'));
    const own = require('@tensorflow/tfjs') as typeof tf;
    require.cache[theirs.resolve('@tensorflow/tfjs')] = require.cache[require.resolve('@tensorflow/tfjs')];
    theirs('@tensorflow/tfjs-node');
    return own.findBackendFactory('tensorflow') ? undefined : 'it registered no backend';
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

const absence = loadTensorFlow();

/** The native backend, whose install often fails: an optional peer of the command line. */
export const tensorFlow: Requirement = {
  name: 'tfjs-node',
  isPresent: absence === undefined,
  absence: `@tensorflow/tfjs-node does not load: ${absence}`,
};

const always = (name: string): Requirement => ({ name, isPresent: true, absence: '' });

/** Backends that golden values are compared on, and what each needs. */
export const goldenBackends = [
  ['cpu', always('cpu')],
  ['wasm', always('wasm')],
  ['simd', always('simd')],
  ['tensorflow', tensorFlow],
] as const;

/** Makes a backend the one in use; throws if it cannot be. */
export async function useBackend(name: 'cpu' | 'wasm' | 'simd' | 'tensorflow'): Promise<void> {
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  if (!(await tf.setBackend(name))) throw new Error(`Expected the backend ${name} to start`);
}
