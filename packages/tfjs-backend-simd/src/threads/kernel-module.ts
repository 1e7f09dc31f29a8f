import { KERNELS } from '../kernels.wasm.js';

/** A kernel of the module. `chunk` is from 0 to `chunks` - 1; `worker` is 0 on the main thread. */
export type WasmKernel = (argsAddress: number, chunk: number, chunks: number, worker: number) => void;

/** The kernels, instantiated on one memory for one thread. */
export interface KernelInstance {
  /** All exported functions, by name. */
  readonly exports: Readonly<Record<string, (...values: number[]) => number>>;
  /** The functions in the order of the names. */
  readonly kernels: readonly WasmKernel[];
}

let compiled: WebAssembly.Module | undefined;

/** The compiled kernels; compiled at the first call. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(KERNELS), (character) => character.charCodeAt(0)));
  return compiled;
}

/** The names of the exported functions: a kernel's number is its index. */
export const kernelNames = (): string[] =>
  WebAssembly.Module.exports(kernelModule())
    .filter(({ kind }) => kind === 'function')
    .map(({ name }) => name);

export function instantiateKernels(memory: WebAssembly.Memory): KernelInstance {
  const abort = () => {
    throw new Error('kernel aborted');
  };
  const instance = new WebAssembly.Instance(kernelModule(), { env: { memory, abort } });
  const exports = instance.exports as unknown as KernelInstance['exports'];
  return { exports, kernels: kernelNames().map((name) => exports[name] as unknown as WasmKernel) };
}
