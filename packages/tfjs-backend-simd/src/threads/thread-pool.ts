import { KERNELS } from '../kernels.wasm.js';
import { SharedMemory } from '../shared-memory.js';
import {
  ARGUMENTS,
  BACKOFF_MS,
  CHUNKS,
  CHUNKS_DONE,
  DONE,
  encodeTicket,
  FAILED,
  FIRST_WORKER,
  KERNEL,
  POSTED,
  remainingChunks,
  SLEEPING,
  slotOffset,
  SLOTS,
  SPIN_LIMIT,
  STARTED,
  STOP,
  TICKET,
  WORKER_WORDS,
  workerOffset,
} from './control-layout.js';
import { startWorker, type WorkerHandle } from './start-worker.js';

/** The maximum number of arguments of a kernel, 4 bytes each. */
const MAX_ARGUMENTS = 64;

const START_TIMEOUT_MS = 5000;

/**
 * Chunks per thread of a call. With at most 64 threads, 3 x 64 = 192 chunks fit into the 8 bits that the
 * ticket has for them.
 */
const CHUNKS_PER_THREAD = 3;
/** The maximum number of chunks per thread of a call with `maxChunks`. */
const MAX_CHUNKS_PER_THREAD = 8;
/** The maximum number of chunks of a call. */
const MAX_CHUNKS = 192;

/**
 * With more unfinished calls than this, `dispatch` makes the main thread run chunks of the oldest one; below
 * it, the main thread returns at once to prepare the next calls.
 */
const MAX_CALLS_AHEAD = 4;

/** Whether this thread may call Atomics.wait: the main thread of a page may not. */
const canBlock = typeof document === 'undefined';

export interface DispatchOptions {
  /**
   * Run the call as one chunk, on one thread: for work so small that dividing it costs more than it saves.
   * Default false.
   */
  serial?: boolean;
  /**
   * The number of equal units that the work consists of, if it is small: an upper bound for the number of
   * chunks, so that each chunk is whole units and all threads finish together. Default: three chunks per
   * thread.
   */
  maxChunks?: number;
}

/** A kernel of the module. `chunk` is from 0 to `chunks` - 1; `worker` is 0 on the main thread. */
type WasmKernel = (argsAddress: number, chunk: number, chunks: number, worker: number) => void;

/** Compiles the module and instantiates it for this thread. */
function loadKernels(memory: WebAssembly.Memory) {
  const bytes = Uint8Array.from(atob(KERNELS), (character) => character.charCodeAt(0));
  const module = new WebAssembly.Module(bytes);
  const abort = () => {
    throw new Error('kernel aborted');
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  return { module, exports };
}

/**
 * Runs kernels on the main thread and its workers. A call is divided into chunks; which thread runs a chunk
 * does not affect its result. Calls run in the order of dispatch, but asynchronously: `dispatch` may return
 * before the kernel has run. Reading the memory through `memory` waits for all calls. worker-code.ts
 * describes the protocol.
 */
export class ThreadPool {
  readonly memory = new SharedMemory(() => this.finish());
  /** The number of threads requested, the main thread included. */
  threadCount = 1;
  private readonly module: WebAssembly.Module;
  private readonly exports: Record<string, (...values: number[]) => number>;
  private readonly kernelNames: string[];
  private readonly kernelIndices: Map<string, number>;
  private readonly kernels: WasmKernel[];
  /** The address of the argument area: MAX_ARGUMENTS words for each slot. */
  private readonly argsAddress: number;
  /** The argument area. A shared WebAssembly memory does not move when it grows, so this view stays valid. */
  private readonly argWords: Int32Array;
  private readonly workers: WorkerHandle[] = [];
  private control: Int32Array = new Int32Array(FIRST_WORKER);
  /** The number of the last posted call. */
  private posted = 0;
  /**
   * The chunk of call `done` + 1 that the main thread has claimed but not completed, because the kernel threw
   * (a stack overflow); it is run again first. -1: none.
   */
  private pendingChunk = -1;

  constructor() {
    const { module, exports } = loadKernels(this.memory.memory);
    this.module = module;
    this.exports = exports as ThreadPool['exports'];
    this.kernelNames = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
    this.kernelIndices = new Map(this.kernelNames.map((name, index) => [name, index]));
    this.kernels = this.kernelNames.map((name) => exports[name] as WasmKernel);
    this.argsAddress = this.memory.allocate(4 * MAX_ARGUMENTS * SLOTS);
    this.argWords = new Int32Array(this.memory.memory.buffer, this.argsAddress, MAX_ARGUMENTS * SLOTS);
  }

  /**
   * Calls an exported function that is not a kernel, synchronously on the main thread: sizes of scratch
   * memory, numbers of partial sums.
   */
  call(name: string, ...values: number[]): number {
    return this.exports[name](...values) >>> 0;
  }

  /** The number of threads that have started, the main thread included. Workers start asynchronously. */
  get readyCount(): number {
    let ready = 1;
    while (ready < this.threadCount && Atomics.load(this.control, workerOffset(ready) + STARTED) === 1)
      ready++;
    return ready;
  }

  /** Terminates the workers and starts `threadCount` - 1 new ones. */
  setThreadCount(threadCount: number): void {
    this.terminate();
    this.threadCount = threadCount;
    if (threadCount === 1) return;
    const words = FIRST_WORKER + WORKER_WORDS * (threadCount - 1);
    this.control = new Int32Array(new SharedArrayBuffer(4 * words));
    const { module, kernelNames, control } = this;
    const { memory } = this.memory;
    for (let worker = 1; worker < threadCount; worker++)
      this.workers.push(startWorker({ module, memory, control, kernelNames, worker }));
  }

  /** Resolves when all workers have started, or after START_TIMEOUT_MS without the missing ones. */
  async whenReady(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (this.readyCount < this.threadCount && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** Terminates the workers after all dispatched calls have finished. */
  terminate(): void {
    if (this.workers.length === 0) return;
    try {
      this.finish();
    } finally {
      Atomics.store(this.control, STOP, 1);
      Atomics.add(this.control, POSTED, 1);
      Atomics.notify(this.control, POSTED);
      this.workers.splice(0).forEach((worker) => worker.terminate());
      this.control = new Int32Array(FIRST_WORKER);
      this.posted = 0;
      this.pendingChunk = -1;
      this.threadCount = 1;
    }
  }

  /**
   * Dispatches a kernel with up to 64 32-bit arguments: addresses, integers, floats through `floatBits`. It
   * runs immediately with one thread, or if it is serial and no call is unfinished; otherwise asynchronously.
   */
  dispatch(name: string, args: readonly number[], { serial = false, maxChunks }: DispatchOptions = {}): void {
    const kernel = this.kernelIndices.get(name)!;
    const threads = this.readyCount;
    if (threads === 1 || (serial && this.posted === this.done)) {
      this.argWords.set(args);
      return this.kernels[kernel](this.argsAddress, 0, 1, 0);
    }
    if (serial) return this.post(kernel, args, 1);
    const chunks = maxChunks
      ? Math.min(maxChunks, threads * MAX_CHUNKS_PER_THREAD, MAX_CHUNKS)
      : threads * CHUNKS_PER_THREAD;
    this.post(kernel, args, chunks);
  }

  /**
   * Blocks until all dispatched calls have finished (as glFinish does); the main thread runs chunks
   * meanwhile.
   */
  finish(): void {
    for (let { done } = this; done !== this.posted; done = this.done) this.finishNext(done);
  }

  /** The number of the last finished call. */
  private get done(): number {
    return Atomics.load(this.control, DONE);
  }

  /** Step 1 of the protocol, and the shortcut for a queue that is too long. */
  private post(kernel: number, args: readonly number[], chunks: number): void {
    for (let { done } = this; ((this.posted - done) | 0) === SLOTS; done = this.done) this.finishNext(done);
    const { control } = this;
    const call = (this.posted + 1) | 0;
    const slot = slotOffset(call);
    const firstWord = MAX_ARGUMENTS * (call & (SLOTS - 1));
    for (let i = 0; i < args.length; i++) this.argWords[firstWord + i] = args[i];
    control[slot + KERNEL] = kernel;
    control[slot + ARGUMENTS] = this.argsAddress + 4 * firstWord;
    control[slot + CHUNKS] = chunks;
    control[slot + CHUNKS_DONE] = 0;
    Atomics.store(control, slot + TICKET, encodeTicket(call, chunks));
    Atomics.store(control, POSTED, call);
    this.posted = call;
    this.wakeWorkers();
    const { done } = this;
    if (((call - done) | 0) > MAX_CALLS_AHEAD) this.runChunks((done + 1) | 0);
  }

  /** Step 2 of the protocol. */
  private wakeWorkers(): void {
    const { control } = this;
    for (let worker = 1; worker < this.threadCount; worker++)
      if (Atomics.load(control, workerOffset(worker) + SLEEPING)) {
        Atomics.notify(control, POSTED);
        return;
      }
  }

  /**
   * Finishes call `done` + 1: runs its unclaimed chunks, then waits for those that workers have claimed.
   * Throws if a kernel failed in a worker.
   */
  private finishNext(done: number): void {
    const { control } = this;
    this.runChunks((done + 1) | 0);
    for (let spins = 0; this.done === done; spins++) {
      if (Atomics.load(control, FAILED)) throw new Error("A kernel of backend 'simd' failed in a worker");
      // Give the core to a worker on a busy machine.
      if (spins > SPIN_LIMIT && canBlock) Atomics.wait(control, DONE, done, BACKOFF_MS);
    }
  }

  /**
   * Claims and runs chunks of a call until none is unclaimed. All earlier calls must be finished. The call
   * number in the ticket need not be checked: the main thread alone reuses slots.
   */
  private runChunks(call: number): void {
    const { control } = this;
    const slot = slotOffset(call);
    for (;;) {
      if (this.pendingChunk < 0) {
        const ticket = Atomics.load(control, slot + TICKET);
        const remaining = remainingChunks(ticket);
        if (remaining === 0) return;
        if (Atomics.compareExchange(control, slot + TICKET, ticket, ticket - 1) !== ticket) continue;
        this.pendingChunk = control[slot + CHUNKS] - remaining;
      }
      const chunks = control[slot + CHUNKS];
      this.kernels[control[slot + KERNEL]](control[slot + ARGUMENTS], this.pendingChunk, chunks, 0);
      this.pendingChunk = -1;
      const chunksDone = Atomics.add(control, slot + CHUNKS_DONE, 1) + 1;
      if (chunksDone === chunks) Atomics.store(control, DONE, call);
    }
  }
}
