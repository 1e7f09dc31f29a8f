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

type OnWarning = (text: string) => void;

/** Chooses and activates a backend that can train; the wasm backend of TensorFlow.js cannot. */
export function chooseTrainingBackend(choice = 'auto'): Promise<Backend> {
  return chooseBackend(expectOneOf('--backend', choice, ['auto', ...TRAINING_BACKENDS, 'cpu']));
}

/**
 * Chooses and activates a backend. Throws an InputError if it is not available. Without a choice, `onWarning` gets the reason if
 * only the slow cpu backend is left, for commands that do not print the backend.
 */
export async function chooseBackend(choice = 'auto', onWarning: OnWarning = () => {}): Promise<Backend> {
  const name = expectOneOf('--backend', choice, backendNames);
  if (name === 'auto') return chooseFastest(onWarning);
  if (await activateBackend(name)) return { name: describeBuild(name), reason: 'requested' };
  throw new InputError(`Backend ${name} is not available on this machine${await hintFor(name)}`);
}

/** The packages of the backends that are optional at install. */
const OPTIONAL_PACKAGES: Readonly<Record<string, string>> = {
  node: '@tensorflow/tfjs-node',
  wasm: '@tensorflow/tfjs-backend-wasm',
};

/** What to do about a backend that is not available, or why it is not. */
async function hintFor(name: string): Promise<string> {
  if (name in OPTIONAL_PACKAGES) return `: npm install ${OPTIONAL_PACKAGES[name]}`;
  return name === 'simd' ? `: ${await simdStartError()}` : '';
}

/** Why the simd backend has not started. */
async function simdStartError(): Promise<string> {
  try {
    const { getStartError } = await import('@convlens/tfjs-backend-simd');
    return getStartError() ?? 'it has not started';
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Activates the fastest backend; cpu, with a warning, if no other is available. Between simd and native TensorFlow, a few training
 * steps decide.
 */
async function chooseFastest(onWarning: OnWarning): Promise<Backend> {
  if (!(await activateBackend('node'))) {
    if (await activateBackend('simd'))
      return { name: describeBuild('simd'), reason: 'it is the fastest available' };
    const reason = `simd, which is many times faster, is not available: ${await simdStartError()}`;
    await activateBackend('cpu');
    onWarning(`Using the backend cpu, because ${reason}`);
    return { name: describeBuild('cpu'), reason };
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
