import { expectOneOf, InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';

export const backendNames = ['auto', 'simd', 'node', 'wasm', 'cpu'] as const;

/** The backends that train fast enough to be useful. */
export const TRAINING_BACKENDS: readonly string[] = ['simd', 'node'];

/** The active backend with its version, for run.json, and why it was chosen. */
export interface Backend {
  readonly name: string;
  readonly reason: string;
}

type BackendName = Exclude<(typeof backendNames)[number], 'auto'>;

/** Activates the backend that a module registers. */
async function activateAfter(registration: Promise<unknown>, name: string): Promise<boolean> {
  await registration;
  return tf.setBackend(name);
}

const loaders: Record<BackendName, () => Promise<boolean>> = {
  simd: () => activateAfter(import('@convlens/tfjs-backend-simd'), 'simd'),
  node: () => activateAfter(import('@tensorflow/tfjs-node'), 'tensorflow'),
  wasm: () => activateAfter(import('@tensorflow/tfjs-backend-wasm'), 'wasm'),
  cpu: () => tf.setBackend('cpu'),
};

/**
 * Activates a backend; returns whether it is available. The installation of native TensorFlow often leaves its package
 * without the library and fails without an error code, so any error means "not available".
 */
export async function activateBackend(name: string): Promise<boolean> {
  // Suppresses the message that recommends tfjs-node.
  tf.enableProdMode();
  try {
    return await loaders[name as BackendName]();
  } catch {
    return false;
  }
}

const describeBuild = (name: string) => `${name} (TensorFlow.js ${tf.version_core})`;

/** Chooses and activates a backend that can train; the wasm backend of TensorFlow.js cannot. */
export function chooseTrainingBackend(choice = 'auto'): Promise<Backend> {
  return chooseBackend(expectOneOf('--backend', choice, ['auto', ...TRAINING_BACKENDS, 'cpu']));
}

/** Chooses and activates a backend. Throws an InputError if it is not available. */
export async function chooseBackend(choice = 'auto'): Promise<Backend> {
  const name = expectOneOf('--backend', choice, backendNames);
  if (name === 'auto') return chooseFastest();
  if (await activateBackend(name)) return { name: describeBuild(name), reason: 'requested' };
  const hint = name === 'node' ? ': npm install @tensorflow/tfjs-node' : '';
  throw new InputError(`Backend ${name} is not available on this machine${hint}`);
}

/** Activates the fastest backend. Between simd and native TensorFlow, a few training steps decide. */
async function chooseFastest(): Promise<Backend> {
  if (!(await activateBackend('node'))) {
    if (await activateBackend('simd'))
      return { name: describeBuild('simd'), reason: 'it is the fastest available' };
    throw new InputError('No backend is available: this machine has no WebAssembly SIMD');
  }
  const { benchmark } = await import('./benchmark.js');
  const nodeSpeed = await benchmark(64, { steps: 3 });
  await activateBackend('simd');
  const simdSpeed = await benchmark(64, { steps: 3 });
  const speeds = `${simdSpeed.trainImagesPerSecond} images/s on simd, ${nodeSpeed.trainImagesPerSecond} on node`;
  if (simdSpeed.trainImagesPerSecond! >= nodeSpeed.trainImagesPerSecond!)
    return { name: describeBuild('simd'), reason: speeds };
  await activateBackend('node');
  return { name: describeBuild('node'), reason: speeds };
}
