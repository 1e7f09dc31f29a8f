import { expectOneOf, InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

export const backendNames = ['auto', 'simd', 'node', 'wasm', 'cpu'] as const;

/** Those that train in a time one would wait for. */
export const TRAINING_BACKENDS: readonly string[] = ['simd', 'node'];

/** What computes, why, and its build: for the reader and for run.json. */
export interface Backend {
  readonly name: string;
  readonly why: string;
}

type Name = Exclude<(typeof backendNames)[number], 'auto'>;

const loaders: Record<Name, () => Promise<boolean>> = {
  simd: async () => {
    await import('@convlens/tfjs-backend-simd');
    return tf.setBackend('simd');
  },
  node: async () => {
    await import('@tensorflow/tfjs-node');
    return tf.setBackend('tensorflow');
  },
  wasm: async () => {
    await import('@tensorflow/tfjs-backend-wasm');
    return tf.setBackend('wasm');
  },
  cpu: () => tf.setBackend('cpu'),
};

/**
 * Makes a backend TensorFlow.js's own. The install of native TensorFlow often fails and leaves its package without its
 * library, with no error code to tell by: any error means "not here".
 */
export async function isBackendPresent(name: string): Promise<boolean> {
  // No greeting that recommends what is not there.
  tf.enableProdMode();
  try {
    return await loaders[name as Name]();
  } catch {
    return false;
  }
}

const buildOf = (name: string) => `${name} (TensorFlow.js ${tf.version_core})`;

/** Picks a backend to train with, which TensorFlow.js's own for WebAssembly cannot. */
export function chooseTrainingBackend(choice = 'auto'): Promise<Backend> {
  return chooseBackend(expectOneOf('--backend', choice, ['auto', ...TRAINING_BACKENDS, 'cpu']));
}

/** Picks a backend and makes it TensorFlow.js's own. */
export async function chooseBackend(choice = 'auto'): Promise<Backend> {
  const name = expectOneOf('--backend', choice, backendNames);
  if (name === 'auto') return fastest();
  if (await isBackendPresent(name)) return { name: buildOf(name), why: 'asked for' };
  const hint = name === 'node' ? ': npm install @tensorflow/tfjs-node' : '';
  throw new InputError(`Expected backend ${name} to load here, but it does not${hint}`);
}

/** Between ours and native TensorFlow a short training step decides. */
async function fastest(): Promise<Backend> {
  if (!(await isBackendPresent('node'))) {
    if (await isBackendPresent('simd'))
      return { name: buildOf('simd'), why: 'it trains fastest of those that are here' };
    throw new InputError('Expected a backend that loads here: this machine has no WebAssembly SIMD');
  }
  const { benchmark } = await import('./benchmark.js');
  const native = await benchmark(64, { steps: 3 });
  await isBackendPresent('simd');
  const own = await benchmark(64, { steps: 3 });
  const speeds = `${own.train_images_per_s} images/s on simd, ${native.train_images_per_s} on node`;
  if (own.train_images_per_s! >= native.train_images_per_s!) return { name: buildOf('simd'), why: speeds };
  await isBackendPresent('node');
  return { name: buildOf('node'), why: speeds };
}
