import * as tf from '@tensorflow/tfjs';
import { OutOfMemory, SimdBackend } from './backend.js';
import { fuse, FUSED_KERNELS } from './fusions/index.js';
import type { KernelCall, SimdKernel } from './kernel.js';
import { KERNELS } from './kernels/index.js';
import { BACKEND } from './name.js';
import { defaultThreads } from './threads.js';

export { BACKEND };

/** Kernels of one name, each of which passes on what it does not take; the cpu backend's is the last. */
function chain(kernels: readonly SimdKernel[], stock: tf.KernelConfig | undefined): tf.KernelFunc {
  return (call) => {
    let full: OutOfMemory | undefined;
    for (const kernel of kernels)
      try {
        const ours = call as unknown as KernelCall<never, never>;
        const result = ours.backend.attempt(() => kernel.run(ours));
        if (result !== undefined) return result;
      } catch (error) {
        if (!(error instanceof OutOfMemory)) throw error;
        full = error;
      }
    if (stock) return stock.kernelFunc(call);
    throw full ?? new Error(`${kernels[0].kernelName} does not take such tensors`);
  };
}

/** Registers backend `simd`: every kernel of the cpu backend under its name, those of ours over them. */
export function register(): void {
  if (tf.findBackendFactory(BACKEND)) return;
  const own = [...FUSED_KERNELS, ...KERNELS];
  const stock = new Map(tf.getKernelsForBackend('cpu').map((kernel) => [kernel.kernelName, kernel]));
  for (const kernelName of new Set([...stock.keys(), ...own.map((kernel) => kernel.kernelName)])) {
    const ours = own.filter((kernel) => kernel.kernelName === kernelName);
    const theirs = stock.get(kernelName);
    const kernelFunc = ours.length > 0 ? chain(ours, theirs) : theirs!.kernelFunc;
    tf.registerKernel({ ...theirs, kernelName, backendName: BACKEND, kernelFunc });
  }
  fuse();
  // Never chosen by itself: whoever imports this package says when it is used.
  tf.registerBackend(
    BACKEND,
    async () => {
      const backend = new SimdBackend();
      backend.threads.setCount(defaultThreads());
      await backend.threads.whenReady();
      return backend;
    },
    0,
  );
}
