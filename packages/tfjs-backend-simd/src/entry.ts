import type * as tf from '@tensorflow/tfjs';
import type { SharedMemory } from './memory.js';

/** Work that is put off until somebody asks for its result; a kernel that reads the result may do it along with its own. */
export interface Pending {
  /** Held until the work is done or no longer needed; snapshots, where they may be variables. */
  readonly inputs: readonly tf.TensorInfo[];
  /** Does the work; the result belongs at this address. */
  write(address: number): void;
}

/** A block of the shared memory. */
export interface Block {
  readonly address: number;
  readonly bytes: number;
}

/** What an entry needs of the backend. */
interface Owner {
  readonly threads: { readonly memory: SharedMemory };
  settle(entry: Entry): void;
}

/** What a data id stands for: values on the JavaScript heap, or in the shared memory once a kernel wanted them there. */
export class Entry {
  refCount = 1;
  /** Where its values lie in the shared memory, and how many, if they do. */
  address?: number;
  length = 0;
  /** How its values come about, if nobody has asked for them yet. */
  pending?: Pending;
  /** A block of the shared memory with what is known of the values, given back with them. */
  attached?: Block;
  complexTensorInfos?: unknown;
  private held?: tf.backend_util.BackendValues;

  constructor(
    private readonly owner: Owner,
    readonly dtype: tf.DataType,
    values?: tf.backend_util.BackendValues,
  ) {
    this.held = values;
  }

  /** Float32 values in the shared memory are a view, made when it is asked for: most kernels want the address alone. */
  get values(): tf.backend_util.BackendValues {
    if (this.pending) this.owner.settle(this);
    // Made anew each time: this waits for the kernels that may be writing them.
    if (this.address !== undefined) return this.owner.threads.memory.floats(this.address, this.length);
    return this.held!;
  }

  /** Lets its values lie in the shared memory. */
  place(address: number, length: number): void {
    this.address = address;
    this.length = length;
    this.held = undefined;
  }
}
