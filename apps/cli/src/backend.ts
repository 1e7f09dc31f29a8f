import { expectOneOf, InputError } from '@convlens/core';
import { enableWasmTraining } from '@convlens/pipeline';
import * as tf from '@tensorflow/tfjs';

export const backendNames = ['auto', 'node', 'wasm', 'cpu'] as const;

/** What computes, why, and its build: for the reader and for run.json. */
export interface Backend {
  readonly name: string;
  readonly why: string;
}

/**
 * Native TensorFlow, if @tensorflow/tfjs-node is there and whole. Its install often fails and leaves the package without
 * its library, with no error code to tell by: any error means "not here".
 */
async function useNode(): Promise<boolean> {
  try {
    await import('@tensorflow/tfjs-node');
    return await tf.setBackend('tensorflow');
  } catch {
    return false;
  }
}

async function useWasm(): Promise<boolean> {
  await import('@tensorflow/tfjs-backend-wasm');
  enableWasmTraining();
  return tf.setBackend('wasm');
}

/** Picks a backend and makes it TensorFlow.js's own. */
export async function chooseBackend(choice = 'auto'): Promise<Backend> {
  // No greeting that recommends what is not there.
  tf.enableProdMode();
  const name = expectOneOf('--backend', choice, backendNames);
  const build = (backend: string) => `${backend} (TensorFlow.js ${tf.version_core})`;
  if (name === 'auto' || name === 'node') {
    if (await useNode()) return { name: build('node'), why: 'native TensorFlow is installed' };
    if (name === 'node')
      throw new InputError(
        'Expected @tensorflow/tfjs-node beside convlens, found none that loads: npm install @tensorflow/tfjs-node',
      );
  }
  if (name === 'cpu') {
    await tf.setBackend('cpu');
    return { name: build('cpu'), why: 'asked for; far too slow to train' };
  }
  await useWasm();
  return { name: build('wasm'), why: choice === 'wasm' ? 'asked for' : 'no native TensorFlow is installed' };
}
