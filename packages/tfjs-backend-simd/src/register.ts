import * as tf from '@tensorflow/tfjs';
import { BACKEND_NAME } from './backend-name.js';
import { OutOfMemory, SimdBackend } from './backend.js';
import { disposeTapeOnError } from './dispose-tape.js';
import { fuse, FUSED_KERNELS } from './fusions/registry.js';
import type { KernelCall, SimdKernel } from './kernel.js';
import { KERNELS } from './kernels/registry.js';
import { startPool } from './threads/threads-count.js';

/** Tries the kernels of one name in order, and last that of the cpu backend, until one supports the call. */
function chain(kernels: readonly SimdKernel[], cpuKernel: tf.KernelConfig | undefined): tf.KernelFunc {
  return (call) => {
    let outOfMemory: OutOfMemory | undefined;
    for (const kernel of kernels)
      try {
        const simdCall = call as unknown as KernelCall<never, never>;
        const result = simdCall.backend.runWithRollback(() => kernel.run(simdCall));
        if (result !== undefined) return result;
      } catch (error) {
        if (!(error instanceof OutOfMemory)) throw error;
        outOfMemory = error;
      }
    if (cpuKernel) {
      if (outOfMemory) (call.backend as SimdBackend).kernelsOnHeap++;
      return cpuKernel.kernelFunc(call);
    }
    throw outOfMemory ?? new Error(`Backend 'simd' has no ${kernels[0].kernelName} kernel for these inputs`);
  };
}

/** Registers the SIMD kernels, with those of the cpu backend as fallback. */
function registerKernels(): void {
  const simdKernels = [...FUSED_KERNELS, ...KERNELS];
  const cpuKernels = new Map(tf.getKernelsForBackend('cpu').map((kernel) => [kernel.kernelName, kernel]));
  const kernelNames = new Set([...cpuKernels.keys(), ...simdKernels.map((kernel) => kernel.kernelName)]);
  for (const kernelName of kernelNames) {
    const candidates = simdKernels.filter((kernel) => kernel.kernelName === kernelName);
    const cpuKernel = cpuKernels.get(kernelName);
    const kernelFunc = candidates.length > 0 ? chain(candidates, cpuKernel) : cpuKernel!.kernelFunc;
    tf.registerKernel({ ...cpuKernel, kernelName, backendName: BACKEND_NAME, kernelFunc });
  }
}

let startError: string | undefined;

/** Why backend `simd` could not start, in words; undefined if it has started, or nobody has tried. */
export const getStartError = (): string | undefined => startError;

async function createBackend(): Promise<SimdBackend> {
  startError = undefined;
  try {
    const backend = new SimdBackend();
    await startPool(backend.threadPool);
    return backend;
  } catch (error) {
    // TensorFlow.js only says that the backend has failed.
    startError = (error as Error).message;
    throw error;
  }
}

/** Registers backend `simd`, once. */
export function register(): void {
  if (tf.findBackendFactory(BACKEND_NAME)) return;
  registerKernels();
  fuse();
  disposeTapeOnError();
  // Priority 0: TensorFlow.js never selects this backend by itself; call tf.setBackend('simd').
  tf.registerBackend(BACKEND_NAME, createBackend, 0);
}
