import { FAILED, FAILURE, MESSAGE, MESSAGE_LENGTH } from './control-layout.js';

/** After these errors other tensors may have been overwritten, or a thread may still write. */
const MEMORY_ERROR = /bounds|does not respond/;

/** An error of a kernel while it ran. The tensors that it wrote cannot be read. */
export class KernelFailure extends Error {
  override readonly name = 'KernelFailure';

  constructor(
    /** The name of the compiled kernel. */
    readonly kernel: string,
    /** The error of the WebAssembly engine. */
    readonly reason: string,
  ) {
    super(`Kernel '${kernel}' of backend 'simd' failed: ${reason}`);
  }

  /** Whether the other tensors are still valid. */
  get isRecoverable(): boolean {
    return !MEMORY_ERROR.test(this.reason);
  }
}

/** A tensor was in the memory that a restart of the backend has replaced. */
export class LostTensor extends Error {
  override readonly name = 'LostTensor';

  constructor(cause: KernelFailure) {
    super(
      `The values of this tensor are lost: backend 'simd' has restarted after an error (${cause.message}). ` +
        'Create the tensor again; build the model again and load its weights from a checkpoint',
      { cause },
    );
  }
}

/** Stores the error of a chunk in the words of its call; `slot` is the index of its first word. */
export function storeFailure(control: Int32Array, slot: number, message: string): void {
  const length = Math.min(message.length, MESSAGE_LENGTH);
  for (let i = 0; i < length; i += 4) {
    const codes = [0, 1, 2, 3].map((j) => message.charCodeAt(i + j) & 255 || 32);
    control[slot + MESSAGE + i / 4] = codes[0] | (codes[1] << 8) | (codes[2] << 16) | (codes[3] << 24);
  }
  Atomics.store(control, slot + FAILURE, length);
  Atomics.store(control, FAILED, 1);
}

/** The message stored for a call; undefined if it has not failed. */
export function loadFailure(control: Int32Array, slot: number): string | undefined {
  const length = Atomics.load(control, slot + FAILURE);
  if (length === 0) return undefined;
  const characters = Array.from({ length }, (_, i) =>
    String.fromCharCode((control[slot + MESSAGE + (i >> 2)] >> (8 * (i & 3))) & 255),
  );
  return characters.join('');
}
