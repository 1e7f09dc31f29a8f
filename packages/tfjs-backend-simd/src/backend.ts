import * as tf from '@tensorflow/tfjs';
import { Entry, type Block, type Pending } from './entry.js';
import { OutOfMemory } from './memory.js';
import { Threads } from './threads.js';

/** The part of TensorFlow.js's cpu backend that ours builds on. */
interface CpuBackend extends tf.KernelBackend {
  data: { get(id: object): Entry; set(id: object, entry: Entry): void; has(id: object): boolean };
  makeTensorInfo(shape: number[], dtype: tf.DataType, values?: unknown): tf.TensorInfo;
  readSync(id: object): tf.backend_util.BackendValues;
  disposeData(id: object, force?: boolean): boolean;
  numDataIds(): number;
}

const cpuBackend = tf.findBackendFactory('cpu')!() as CpuBackend;
const Cpu = cpuBackend.constructor as new () => CpuBackend;

/**
 * A backend whose tensors lie in one shared WebAssembly memory, where kernels written for it find them. Whatever has no
 * kernel of its own runs on those of the cpu backend, which see the same values.
 */
export class SimdBackend extends Cpu {
  readonly threads = new Threads();
  private nextId = 0;
  /** What the kernel that runs has made. */
  private made: object[] = [];
  private depth = 0;

  override write(values: tf.backend_util.BackendValues, _shape: number[], dtype: tf.DataType): object {
    const id = { simd: this.nextId++ };
    // Kernels of the cpu backend hand on views of their inputs (a slice), which would outlive them in the shared memory.
    const isView =
      ArrayBuffer.isView(values) && values.buffer instanceof this.threads.memory.memory.buffer.constructor;
    this.data.set(id, new Entry(this, dtype, isView ? values.slice() : values));
    return id;
  }

  override move(
    id: object,
    values: tf.backend_util.BackendValues,
    _shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    const entry = new Entry(this, dtype, values);
    entry.refCount = refCount;
    this.data.set(id, entry);
  }

  /** The address of a float32 tensor's values, which move to the shared memory if they are not there yet. */
  address({ dataId }: tf.TensorInfo): number {
    const entry = this.data.get(dataId);
    if (entry.pending) this.settle(entry);
    if (entry.address === undefined) {
      const values = entry.values as Float32Array;
      const { memory } = this.threads;
      const address = memory.allocate(values.length * 4);
      memory.floats(address, values.length).set(values);
      entry.place(address, values.length);
    }
    return entry.address!;
  }

  /** A new float32 tensor in the shared memory; its values are whatever was there. Throws OutOfMemory. */
  output(shape: number[]): tf.TensorInfo & { address: number } {
    const length = tf.util.sizeFromShape(shape);
    const address = this.threads.memory.allocate(length * 4);
    const entry = new Entry(this, 'float32');
    entry.place(address, length);
    return { dataId: this.keep(entry), shape, dtype: 'float32', address };
  }

  /** A new float32 tensor whose values are computed when somebody asks for them. */
  deferred(shape: number[], pending: Pending): tf.TensorInfo {
    const entry = new Entry(this, 'float32');
    entry.pending = pending;
    entry.length = tf.util.sizeFromShape(shape);
    const inputs = pending.inputs.map(({ dataId }) => this.data.get(dataId));
    // Or work that waits for work that waits for work would be done, and let go, by as many calls within each other.
    for (const input of inputs) if (input.pending) this.settle(input);
    for (const input of inputs) input.refCount++;
    return { dataId: this.keep(entry), shape, dtype: 'float32' };
  }

  /** The work a tensor's values wait for, if they do. */
  pending({ dataId }: tf.TensorInfo): Pending | undefined {
    return this.data.get(dataId).pending;
  }

  /** Whether a tensor that work has no hold of is still there. */
  holds({ dataId }: tf.TensorInfo): boolean {
    return this.data.has(dataId);
  }

  /** Runs `work` with so many bytes of the shared memory, 64-byte aligned, that are given back afterwards. */
  scratch<T>(bytes: number, work: (address: number) => T): T {
    const { memory } = this.threads;
    const address = memory.allocate(bytes);
    try {
      return work(address);
    } finally {
      memory.release(address, bytes);
    }
  }

  /** Runs a kernel; where that throws, as where memory runs out, nothing stays of what it has made. */
  attempt<T>(kernel: () => T): T {
    if (this.depth === 0) this.made.length = 0;
    const before = this.made.length;
    this.depth++;
    try {
      return kernel();
    } catch (error) {
      for (const dataId of this.made.slice(before)) if (this.data.has(dataId)) this.disposeData(dataId, true);
      throw error;
    } finally {
      this.depth--;
    }
  }

  override readSync(id: object): tf.backend_util.BackendValues {
    const entry = this.data.get(id);
    if (entry.pending) this.settle(entry);
    // A copy: the memory is used again once the tensor is disposed.
    if (entry.address !== undefined) return (entry.values as Float32Array).slice();
    return super.readSync(id);
  }

  /**
   * A tensor's values where they lie, which spares the copy that `read` makes: not to be changed, and gone when the
   * tensor is disposed. Other backends have no such method: look before you call it.
   */
  borrow(id: object): tf.backend_util.BackendValues {
    return this.data.get(id).values;
  }

  override async read(id: object): Promise<tf.backend_util.BackendValues> {
    return this.readSync(id);
  }

  override disposeData(id: object, force = false): boolean {
    const entry = this.data.has(id) ? this.data.get(id) : undefined;
    const disposed = super.disposeData(id, force);
    if (!disposed || !entry) return disposed;
    if (entry.pending) this.release(entry);
    if (entry.address !== undefined) {
      this.threads.memory.release(entry.address, entry.length * 4);
      entry.address = undefined;
    }
    this.giveBack(entry);
    return true;
  }

  /** Lets a block of the shared memory go with a tensor's values. */
  attach(dataId: object, block: Block): void {
    this.detach(dataId);
    this.data.get(dataId).attached = block;
  }

  /** The block that goes with a tensor's values, if there is one. */
  attached(dataId: object): Block | undefined {
    return this.data.get(dataId).attached;
  }

  /** Gives that block back, as is to be done before the values are changed in place. */
  detach(dataId: object): void {
    this.giveBack(this.data.get(dataId));
  }

  /** Milliseconds that the kernels take which `f` asks for: all of them, also those that would run later. */
  override async time(f: () => void): Promise<tf.BackendTimingInfo> {
    this.threads.finish();
    const began = performance.now();
    f();
    this.threads.finish();
    return { kernelMs: performance.now() - began };
  }

  override memory(): { unreliable: boolean; reasons?: string[] } {
    return { unreliable: false };
  }

  override dispose(): void {
    this.threads.end();
  }

  /** Does the work that an entry's values wait for. */
  settle(entry: Entry): void {
    const { length } = entry;
    const { memory } = this.threads;
    const address = memory.allocate(length * 4);
    try {
      entry.pending!.write(address);
    } catch (error) {
      memory.release(address, length * 4);
      throw error;
    }
    entry.place(address, length);
    this.release(entry);
  }

  private giveBack(entry: Entry): void {
    const { attached } = entry;
    entry.attached = undefined;
    if (attached) this.threads.memory.release(attached.address, attached.bytes);
  }

  private keep(entry: Entry): object {
    const dataId = { simd: this.nextId++ };
    this.data.set(dataId, entry);
    this.made.push(dataId);
    return dataId;
  }

  /** Lets go of what pending work holds, which TensorFlow.js may have disposed meanwhile. */
  private release(entry: Entry): void {
    const { inputs } = entry.pending!;
    entry.pending = undefined;
    for (const { dataId } of inputs) {
      // It may have moved to another backend: this brings it back.
      this.data.get(dataId);
      if (this.disposeData(dataId)) tf.engine().removeDataId(dataId, this);
    }
  }
}

/** Whether a kernel can take all of these: float32 tensors with values. */
export const areFloats = (...tensors: (tf.TensorInfo | undefined)[]): boolean =>
  tensors.every((tensor) => !tensor || tensor.dtype === 'float32');

/** What a tensor is now: a variable is given other data when it changes. */
export const snapshot = ({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo => ({
  dataId,
  shape,
  dtype,
});

export { OutOfMemory, type Pending };
