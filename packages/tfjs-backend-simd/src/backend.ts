import * as tf from '@tensorflow/tfjs';
import { OutOfMemory } from './shared-memory.js';
import { TensorData, type MemoryBlock, type PendingOperation, type WeakReference } from './tensor-data.js';
import { KernelFailure } from './threads/kernel-failure.js';
import { ThreadPool, type FinishedCall } from './threads/thread-pool.js';
import { stopPool } from './threads/threads-count.js';

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

/** What a kernel has read, written and created so far. */
interface KernelRun {
  readonly reads: TensorData[];
  readonly writes: TensorData[];
  readonly createdIds: object[];
}

/**
 * A backend that keeps float32 tensors in one shared WebAssembly memory. Operations without a SIMD kernel run
 * on the kernels of the cpu backend, on the same values.
 */
export class SimdBackend extends Cpu {
  readonly threadPool = new ThreadPool((calls) => this.spoilResults(calls));
  /** The number of kernels that ran on the JavaScript heap because the shared memory was full. */
  kernelsOnHeap = 0;
  private nextId = 0;
  /** The kernel that runs now. */
  private run?: KernelRun;

  override write(values: tf.backend_util.BackendValues, _shape: number[], dtype: tf.DataType): object {
    const id = { simd: this.nextId++ };
    // Kernels of the cpu backend may return views of their inputs (Slice does). A view of the shared memory
    // would outlive its block: copy it.
    const { buffer } = this.threadPool.memory.memory;
    const isSharedView = ArrayBuffer.isView(values) && values.buffer instanceof buffer.constructor;
    const ownValues = isSharedView ? values.slice() : values;
    this.data.set(id, new TensorData(this, dtype, typedValues(ownValues, dtype)));
    return id;
  }

  override move(
    id: object,
    values: tf.backend_util.BackendValues,
    _shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    const tensorData = new TensorData(this, dtype, typedValues(values, dtype));
    tensorData.refCount = refCount;
    this.data.set(id, tensorData);
  }

  /**
   * The address of a float32 tensor's values. Computes a deferred tensor; copies values from the JavaScript
   * heap to the shared memory.
   *
   * @throws OutOfMemory
   * @throws KernelFailure, LostTensor if the values cannot be read
   * @throws Error if the number of values is not that of the shape
   */
  address({ dataId, shape }: tf.TensorInfo): number {
    const tensorData = this.data.get(dataId);
    if (tensorData.pending) this.materialize(tensorData);
    if (tensorData.address === undefined) this.moveToSharedMemory(tensorData);
    tensorData.assertReadable();
    const size = tf.util.sizeFromShape(shape);
    if (tensorData.length !== size)
      throw new Error(`Backend 'simd': a tensor of shape [${shape}] has ${tensorData.length} values`);
    this.run?.reads.push(tensorData);
    return tensorData.address!;
  }

  /**
   * Must be called before the values of a tensor are changed in place: weak references to them end, and if a call of the
   * running kernel fails, they cannot be read.
   */
  willWrite({ dataId }: tf.TensorInfo): void {
    const tensorData = this.data.get(dataId);
    tensorData.changes++;
    this.run?.writes.push(tensorData);
  }

  /**
   * Allocates a float32 tensor in the shared memory, uninitialized.
   *
   * @throws OutOfMemory
   * @throws Error if a size is not a non-negative integer: two negative ones would make a positive number of values
   */
  output(shape: number[]): tf.TensorInfo & { address: number } {
    if (!shape.every((size) => Number.isInteger(size) && size >= 0))
      throw new Error(`Expected a result whose sizes are integers of at least 0, got the shape [${shape}]`);
    const length = tf.util.sizeFromShape(shape);
    const address = this.threadPool.memory.allocate(length * 4);
    const tensorData = new TensorData(this, 'float32');
    tensorData.setAddress(address, length);
    return { dataId: this.registerData(tensorData), shape, dtype: 'float32', address };
  }

  /** A boolean tensor of bytes 0 and 1, which are not checked. */
  booleans(shape: number[], bytes: Uint8Array): tf.TensorInfo {
    return { dataId: this.registerData(new TensorData(this, 'bool', bytes)), shape, dtype: 'bool' };
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

  /** A reference to the values that a tensor has now. */
  weakReference(tensor: tf.TensorInfo): WeakReference {
    const info = snapshot(tensor);
    const tensorData = this.data.get(info.dataId);
    const { changes } = tensorData;
    // Data that was on another backend meanwhile has a new object: whether it has changed is not known.
    const isSame = () => this.data.has(info.dataId) && this.data.get(info.dataId) === tensorData;
    return { deref: () => (isSame() && tensorData.changes === changes ? info : undefined) };
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

  /**
   * Runs a kernel. If it throws, disposes of the tensors that it has created; if one of its calls fails, now or later,
   * what it has written cannot be read.
   */
  runWithRollback<T>(kernel: () => T): T {
    const outer = this.run;
    const run: KernelRun = { reads: [], writes: [], createdIds: [] };
    this.setRun(run);
    try {
      const result = kernel();
      outer?.createdIds.push(...run.createdIds);
      return result;
    } catch (error) {
      if (error instanceof KernelFailure) for (const tensorData of run.writes) tensorData.failure ??= error;
      for (const dataId of run.createdIds) if (this.data.has(dataId)) this.disposeData(dataId, true);
      throw error;
    } finally {
      this.setRun(outer);
    }
  }

  /** Exempts a tensor from the rollback of the running kernel. */
  disown({ dataId }: tf.TensorInfo): void {
    const ids = this.run?.createdIds;
    const index = ids?.indexOf(dataId) ?? -1;
    if (index >= 0) ids!.splice(index, 1);
  }

  override readSync(id: object): tf.backend_util.BackendValues {
    const tensorData = this.data.get(id);
    if (tensorData.pending) this.materialize(tensorData);
    // A copy: the block is reused once the tensor is disposed.
    if (tensorData.address !== undefined) return (tensorData.values as Float32Array).slice();
    tensorData.assertReadable();
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
    tensorData.releaseValues();
    tensorData.releaseAttached();
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
    const tensorData = this.data.get(dataId);
    if (tensorData.attached) {
      tensorData.assertReadable();
      this.run?.reads.push(tensorData);
    }
    return tensorData.attached;
  }

  /** Frees the attached block. Must be called before the values are changed in place. */
  detach(dataId: object): void {
    this.data.get(dataId).releaseAttached();
  }

  /** The time in milliseconds of all kernels that `f` dispatches, including the asynchronous ones. */
  override async time(f: () => void): Promise<tf.BackendTimingInfo> {
    this.threadPool.finish();
    const start = performance.now();
    f();
    this.threadPool.finish();
    return { kernelMs: performance.now() - start };
  }

  /** Of `tf.memory()`: also the bytes of the shared memory in use, and the kernels that it had no room for. */
  override memory(): { unreliable: boolean; reasons?: string[]; bytesUsed: number; kernelsOnHeap: number } {
    const { kernelsOnHeap, threadPool } = this;
    return { unreliable: false, bytesUsed: threadPool.memory.bytesUsed, kernelsOnHeap };
  }

  override dispose(): void {
    stopPool(this.threadPool);
  }

  /**
   * Computes the values of a deferred tensor.
   *
   * @throws OutOfMemory
   * @throws KernelFailure, LostTensor if an input cannot be read
   */
  materialize(tensorData: TensorData): void {
    tensorData.assertReadable();
    const { length } = tensorData;
    const { memory } = this.threadPool;
    const address = memory.allocate(length * 4);
    try {
      this.runWithRollback(() => {
        this.run!.writes.push(tensorData);
        tensorData.pending!.computeInto(address);
      });
    } catch (error) {
      memory.release(address, length * 4);
      throw error;
    }
    tensorData.setAddress(address, length);
    this.releaseInputs(tensorData);
  }

  private setRun(run: KernelRun | undefined): void {
    this.run = run;
    this.threadPool.owner = run;
  }

  /**
   * After a kernel has failed: what it has written cannot be read, nor what later kernels have computed from it.
   *
   * @throws KernelFailure if the running kernel has read such a tensor
   */
  private spoilResults(calls: readonly FinishedCall[]): void {
    for (const { owner, failure } of calls) {
      const run = owner as KernelRun | undefined;
      const cause = failure ?? run?.reads.find((tensorData) => tensorData.failure)?.failure;
      if (cause) for (const tensorData of run?.writes ?? []) tensorData.failure ??= cause;
    }
    for (const { failure } of this.run?.reads ?? []) if (failure) throw failure;
  }

  private moveToSharedMemory(tensorData: TensorData): void {
    const values = tensorData.values as Float32Array;
    const { memory } = this.threadPool;
    const address = memory.allocate(values.length * 4);
    memory.floats(address, values.length).set(values);
    tensorData.setAddress(address, values.length);
  }

  private registerData(tensorData: TensorData): object {
    const dataId = { simd: this.nextId++ };
    this.data.set(dataId, tensorData);
    this.run?.createdIds.push(dataId);
    this.run?.writes.push(tensorData);
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

const TYPED_ARRAYS = new Map<string, typeof Float32Array | typeof Int32Array | typeof Uint8Array>([
  ['float32', Float32Array],
  ['int32', Int32Array],
  ['bool', Uint8Array],
]);

/**
 * Values as kernels expect them: a typed array, of 0 and 1 for bool. Kernels of the cpu backend return plain arrays for
 * some results without values (Concat does).
 */
function typedValues(
  values: tf.backend_util.BackendValues,
  dtype: tf.DataType,
): tf.backend_util.BackendValues {
  const TypedArray = TYPED_ARRAYS.get(dtype);
  const typed =
    TypedArray && !ArrayBuffer.isView(values) ? TypedArray.from(values as unknown as number[]) : values;
  return dtype === 'bool' ? zerosAndOnes(typed) : typed;
}

/** Boolean values as 0 and 1: any other byte is true (a mask of gray levels), and kernels combine bytes. */
function zerosAndOnes(values: tf.backend_util.BackendValues): tf.backend_util.BackendValues {
  if (!(values instanceof Uint8Array)) return values;
  // A loop: a callback per value takes 20 times as long.
  let bits = 0;
  for (let i = 0; i < values.length; i++) bits |= values[i];
  return bits > 1 ? values.map((value) => Number(value !== 0)) : values;
}

/** Whether all tensors are float32 (undefined ones are ignored). */
export const areFloats = (...tensors: (tf.TensorInfo | undefined)[]): boolean =>
  tensors.every((tensor) => !tensor || tensor.dtype === 'float32');

/** An immutable copy of a tensor's info: assigning to a variable gives it another data id. */
export function snapshot({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  return { dataId, shape, dtype };
}

export { KernelFailure, OutOfMemory, type PendingOperation, type WeakReference };
