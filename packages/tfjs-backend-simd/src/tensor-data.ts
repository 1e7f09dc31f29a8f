import type * as tf from '@tensorflow/tfjs';
import type { SharedMemory } from './shared-memory.js';
import { LostTensor, type KernelFailure } from './threads/kernel-failure.js';

/**
 * An operation that is postponed until its result is read. A kernel that reads the result may fuse it with
 * its own work instead.
 */
export interface PendingOperation {
  /**
   * References held until the operation has run or its result is disposed. Snapshots, where an input may be a
   * variable.
   */
  readonly inputs: readonly tf.TensorInfo[];
  /** Computes the result into this address. */
  computeInto(address: number): void;
}

/**
 * A reference to the values of a tensor that does not keep them alive: for a pending operation that can do without
 * them.
 */
export interface WeakReference {
  /** The tensor; undefined once it is disposed, on another backend, or changed in place. */
  deref(): tf.TensorInfo | undefined;
}

/** A block of the shared memory. */
export interface MemoryBlock {
  readonly address: number;
  readonly bytes: number;
}

/** The members of the backend that tensor data uses. */
interface Owner {
  readonly threadPool: { readonly memory: SharedMemory; readonly restartCause?: KernelFailure };
  materialize(tensorData: TensorData): void;
}

/**
 * The data of one data id: on the JavaScript heap, in the shared memory (after a kernel has asked for the
 * address), or pending.
 */
export class TensorData {
  refCount = 1;
  /** The address of the values in the shared memory; undefined if they are not there. */
  address?: number;
  /** The number of values in the shared memory or of the pending result. */
  length = 0;
  /** The operation that computes the values, if they have not been read yet. */
  pending?: PendingOperation;
  /** A block with data derived from the values, freed with them. */
  attached?: MemoryBlock;
  /** How often the values have been changed in place. */
  changes = 0;
  /** Why the values cannot be read: the kernel that wrote them failed. */
  failure?: KernelFailure;
  complexTensorInfos?: unknown;
  private heapValues?: tf.backend_util.BackendValues;
  /** The memory that `address` and `attached` are in. */
  private memory: SharedMemory;

  constructor(
    private readonly owner: Owner,
    readonly dtype: tf.DataType,
    values?: tf.backend_util.BackendValues,
  ) {
    this.heapValues = values;
    this.memory = owner.threadPool.memory;
  }

  /**
   * Values in the shared memory are returned as a view, created on access: most kernels need only the
   * address.
   *
   * @throws KernelFailure if the kernel that wrote them failed
   * @throws LostTensor if the backend has restarted
   */
  get values(): tf.backend_util.BackendValues {
    if (this.pending) this.owner.materialize(this);
    if (this.address === undefined) {
      this.assertReadable();
      return this.heapValues!;
    }
    // Not cached: creating the view waits for kernels that may still write, and learns whether one has failed.
    const view = this.memory.floats(this.address, this.length);
    this.assertReadable();
    return view;
  }

  /** Sets the address of the values in the shared memory, and drops those on the JavaScript heap. */
  setAddress(address: number, length: number): void {
    this.memory = this.owner.threadPool.memory;
    this.address = address;
    this.length = length;
    this.heapValues = undefined;
  }

  /**
   * @throws KernelFailure if the kernel that wrote the values failed
   * @throws LostTensor if the backend has restarted
   */
  assertReadable(): void {
    if (this.failure) throw this.failure;
    const { memory, restartCause } = this.owner.threadPool;
    if (this.address !== undefined && memory !== this.memory) throw new LostTensor(restartCause!);
  }

  /** Frees the values in the shared memory. */
  releaseValues(): void {
    if (this.address !== undefined) this.memory.release(this.address, this.length * 4);
    this.address = undefined;
  }

  /** Frees the attached block. */
  releaseAttached(): void {
    if (this.attached) this.memory.release(this.attached.address, this.attached.bytes);
    this.attached = undefined;
  }
}
