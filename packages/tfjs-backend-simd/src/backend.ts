import * as tf from '@tensorflow/tfjs';
import { OutOfMemory } from './shared-memory.js';
import { TensorData, type MemoryBlock, type PendingOperation } from './tensor-data.js';
import { ThreadPool } from './threads/thread-pool.js';

/** The members of the cpu backend of TensorFlow.js that this backend uses. */
interface CpuBackend extends tf.KernelBackend {
  data: {
    get(id: object): TensorData;
    set(id: object, tensorData: TensorData): void;
    has(id: object): boolean;
  };
  makeTensorInfo(shape: number[], dtype: tf.DataType, values?: unknown): tf.TensorInfo;
  readSync(id: object): tf.backend_util.BackendValues;
  disposeData(id: object, force?: boolean): boolean;
  numDataIds(): number;
}

const cpuBackend = tf.findBackendFactory('cpu')!() as CpuBackend;
const Cpu = cpuBackend.constructor as new () => CpuBackend;

/**
 * A backend that keeps float32 tensors in one shared WebAssembly memory. Operations without a SIMD kernel run
 * on the kernels of the cpu backend, on the same values.
 */
export class SimdBackend extends Cpu {
  readonly threadPool = new ThreadPool();
  private nextId = 0;
  /** The data ids that the running kernel has created, for the rollback. */
  private createdIds: object[] = [];
  private kernelDepth = 0;

  override write(values: tf.backend_util.BackendValues, _shape: number[], dtype: tf.DataType): object {
    const id = { simd: this.nextId++ };
    // Kernels of the cpu backend may return views of their inputs (Slice does). A view of the shared memory
    // would outlive its block: copy it.
    const { buffer } = this.threadPool.memory.memory;
    const isSharedView = ArrayBuffer.isView(values) && values.buffer instanceof buffer.constructor;
    this.data.set(id, new TensorData(this, dtype, isSharedView ? values.slice() : values));
    return id;
  }

  override move(
    id: object,
    values: tf.backend_util.BackendValues,
    _shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    const tensorData = new TensorData(this, dtype, values);
    tensorData.refCount = refCount;
    this.data.set(id, tensorData);
  }

  /**
   * The address of a float32 tensor's values. Computes a deferred tensor; copies values from the JavaScript
   * heap to the shared memory.
   *
   * @throws OutOfMemory
   */
  address({ dataId }: tf.TensorInfo): number {
    const tensorData = this.data.get(dataId);
    if (tensorData.pending) this.materialize(tensorData);
    if (tensorData.address === undefined) {
      const values = tensorData.values as Float32Array;
      const { memory } = this.threadPool;
      const address = memory.allocate(values.length * 4);
      memory.floats(address, values.length).set(values);
      tensorData.setAddress(address, values.length);
    }
    return tensorData.address!;
  }

  /**
   * Allocates a float32 tensor in the shared memory, uninitialized.
   *
   * @throws OutOfMemory
   */
  output(shape: number[]): tf.TensorInfo & { address: number } {
    const length = tf.util.sizeFromShape(shape);
    const address = this.threadPool.memory.allocate(length * 4);
    const tensorData = new TensorData(this, 'float32');
    tensorData.setAddress(address, length);
    return { dataId: this.registerData(tensorData), shape, dtype: 'float32', address };
  }

  /** A new float32 tensor whose values are computed at the first read. */
  deferred(shape: number[], pending: PendingOperation): tf.TensorInfo {
    const tensorData = new TensorData(this, 'float32');
    tensorData.pending = pending;
    tensorData.length = tf.util.sizeFromShape(shape);
    const inputs = pending.inputs.map(({ dataId }) => this.data.get(dataId));
    // Materialize pending inputs first: a chain of pending operations would be computed, and released, by
    // recursion as deep as the chain.
    for (const input of inputs) if (input.pending) this.materialize(input);
    for (const input of inputs) input.refCount++;
    return { dataId: this.registerData(tensorData), shape, dtype: 'float32' };
  }

  /** The operation that will compute a deferred tensor; undefined if its values are computed already. */
  pending({ dataId }: tf.TensorInfo): PendingOperation | undefined {
    return this.data.get(dataId).pending;
  }

  /** Whether a tensor that a pending operation refers to without holding a reference is still alive. */
  isAlive({ dataId }: tf.TensorInfo): boolean {
    return this.data.has(dataId);
  }

  /**
   * Calls `work` with a temporary block of the shared memory (64-byte aligned), and frees it afterwards.
   * Kernels that `work` dispatched may run later: calls run in order, so a later user of the block cannot
   * overtake them.
   *
   * @throws OutOfMemory
   */
  withScratch<T>(bytes: number, work: (address: number) => T): T {
    const { memory } = this.threadPool;
    const address = memory.allocate(bytes);
    try {
      return work(address);
    } finally {
      memory.release(address, bytes);
    }
  }

  /** Runs a kernel, and disposes of the tensors it has created if it throws (out of memory). */
  runWithRollback<T>(kernel: () => T): T {
    if (this.kernelDepth === 0) this.createdIds.length = 0;
    const createdBefore = this.createdIds.length;
    this.kernelDepth++;
    try {
      return kernel();
    } catch (error) {
      for (const dataId of this.createdIds.slice(createdBefore))
        if (this.data.has(dataId)) this.disposeData(dataId, true);
      throw error;
    } finally {
      this.kernelDepth--;
    }
  }

  override readSync(id: object): tf.backend_util.BackendValues {
    const tensorData = this.data.get(id);
    if (tensorData.pending) this.materialize(tensorData);
    // A copy: the block is reused once the tensor is disposed.
    if (tensorData.address !== undefined) return (tensorData.values as Float32Array).slice();
    return super.readSync(id);
  }

  /**
   * A view of a tensor's values, without the copy that `read` makes. Read-only, and invalid once the tensor
   * is disposed. Other backends do not have this method.
   */
  readView(id: object): tf.backend_util.BackendValues {
    return this.data.get(id).values;
  }

  override async read(id: object): Promise<tf.backend_util.BackendValues> {
    return this.readSync(id);
  }

  override disposeData(id: object, force = false): boolean {
    const tensorData = this.data.has(id) ? this.data.get(id) : undefined;
    const isDisposed = super.disposeData(id, force);
    if (!isDisposed || !tensorData) return isDisposed;
    if (tensorData.pending) this.releaseInputs(tensorData);
    if (tensorData.address !== undefined) {
      this.threadPool.memory.release(tensorData.address, tensorData.length * 4);
      tensorData.address = undefined;
    }
    this.freeAttached(tensorData);
    return true;
  }

  /**
   * Attaches a block of derived data (channel sums) to a tensor; it is freed with the tensor, or by `detach`.
   */
  attach(dataId: object, block: MemoryBlock): void {
    this.detach(dataId);
    this.data.get(dataId).attached = block;
  }

  /** The block attached to a tensor, if any. */
  attached(dataId: object): MemoryBlock | undefined {
    return this.data.get(dataId).attached;
  }

  /** Frees the attached block. Must be called before the values are changed in place. */
  detach(dataId: object): void {
    this.freeAttached(this.data.get(dataId));
  }

  /** The time in milliseconds of all kernels that `f` dispatches, including the asynchronous ones. */
  override async time(f: () => void): Promise<tf.BackendTimingInfo> {
    this.threadPool.finish();
    const start = performance.now();
    f();
    this.threadPool.finish();
    return { kernelMs: performance.now() - start };
  }

  override memory(): { unreliable: boolean; reasons?: string[] } {
    return { unreliable: false };
  }

  override dispose(): void {
    this.threadPool.terminate();
  }

  /**
   * Computes the values of a deferred tensor.
   *
   * @throws OutOfMemory
   */
  materialize(tensorData: TensorData): void {
    const { length } = tensorData;
    const { memory } = this.threadPool;
    const address = memory.allocate(length * 4);
    try {
      tensorData.pending!.computeInto(address);
    } catch (error) {
      memory.release(address, length * 4);
      throw error;
    }
    tensorData.setAddress(address, length);
    this.releaseInputs(tensorData);
  }

  private freeAttached(tensorData: TensorData): void {
    const { attached } = tensorData;
    tensorData.attached = undefined;
    if (attached) this.threadPool.memory.release(attached.address, attached.bytes);
  }

  private registerData(tensorData: TensorData): object {
    const dataId = { simd: this.nextId++ };
    this.data.set(dataId, tensorData);
    this.createdIds.push(dataId);
    return dataId;
  }

  /**
   * Releases the inputs of a pending operation; TensorFlow.js may have disposed its own references meanwhile.
   */
  private releaseInputs(tensorData: TensorData): void {
    const { inputs } = tensorData.pending!;
    tensorData.pending = undefined;
    for (const { dataId } of inputs) {
      // Moves the data back here if another backend has it now.
      this.data.get(dataId);
      if (this.disposeData(dataId)) tf.engine().removeDataId(dataId, this);
    }
  }
}

/** Whether all tensors are float32 (undefined ones are ignored). */
export const areFloats = (...tensors: (tf.TensorInfo | undefined)[]): boolean =>
  tensors.every((tensor) => !tensor || tensor.dtype === 'float32');

/** An immutable copy of a tensor's info: assigning to a variable gives it another data id. */
export function snapshot({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  return { dataId, shape, dtype };
}

export { OutOfMemory, type PendingOperation };
