import { areGuardsSet } from '../guards.js';
import { SharedMemory } from '../shared-memory.js';
import {
  ARGUMENTS,
  BACKOFF_MS,
  CHUNKS,
  CHUNKS_DONE,
  DONE,
  encodeTicket,
  FAILED,
  FAILURE,
  FIRST_WORKER,
  KERNEL,
  POSTED,
  remainingChunks,
  SLEEPING,
  slotOffset,
  SLOTS,
  SPIN_LIMIT,
  STOP,
  TICKET,
  WORKER_WORDS,
  workerOffset,
} from './control-layout.js';
import { KernelFailure, loadFailure, storeFailure } from './kernel-failure.js';
import { instantiateKernels, kernelModule, kernelNames, type KernelInstance } from './kernel-module.js';
import { Workers } from './workers.js';

/** The maximum number of arguments of a kernel, 4 bytes each. */
const MAX_ARGUMENTS = 64;

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

/** Polls between two looks whether a worker has ended: about 20 ms. */
const POLLS_PER_CHECK = canBlock ? 200 : 2 ** 20;
/**
 * Looks without a finished call before the pool restarts: minutes. Looks are counted, not time, because a computer may
 * sleep meanwhile.
 */
const MAX_CHECKS = 10_000;

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

/** One of the last calls, after all have finished. */
export interface FinishedCall {
  /** The value of `owner` when the call was dispatched. */
  readonly owner: object | undefined;
  /** The error of its kernel. */
  readonly failure?: KernelFailure;
}

/**
 * Runs kernels on the main thread and its workers. A call is divided into chunks; which thread runs a chunk
 * does not affect its result. Calls run in the order of dispatch, but asynchronously: `dispatch` may return
 * before the kernel has run. Reading the memory through `memory` waits for all calls. worker-code.ts
 * describes the protocol.
 */
export class ThreadPool {
  /** The memory of all tensors. A restart replaces it. */
  memory!: SharedMemory;
  /** The failure that was the reason for the last restart. */
  restartCause?: KernelFailure;
  /** On whose behalf calls are dispatched now; `onFailure` gets it back. */
  owner?: object;
  private readonly kernelNames = kernelNames();
  private readonly kernelNumbers = new Map(this.kernelNames.map((name, number) => [name, number]));
  private instance!: KernelInstance;
  /** The address of the argument area: MAX_ARGUMENTS words for each slot. */
  private argsAddress!: number;
  /** The argument area. A shared WebAssembly memory does not move when it grows, so this view stays valid. */
  private argWords!: Int32Array;
  private control: Int32Array = new Int32Array(FIRST_WORKER);
  private workers?: Workers;
  /** The owners of the calls in the slots. */
  private readonly owners = new Array<object | undefined>(SLOTS).fill(undefined);
  /** The number of the last posted call. */
  private posted = 0;
  /**
   * The chunk of call `done` + 1 that the main thread has claimed but not completed, because the kernel
   * overflowed the stack; it is run again first. -1: none.
   */
  private pendingChunk = -1;

  /**
   * @param onFailure is called after a call has failed without a loss of memory, with the last calls in the order of
   * their dispatch. Default: throws the first failure
   */
  constructor(private readonly onFailure: (calls: readonly FinishedCall[]) => void = throwFirst) {
    this.createMemory();
  }

  /**
   * Calls an exported function that is not a kernel, synchronously on the main thread: sizes of scratch
   * memory, numbers of partial sums.
   */
  call(name: string, ...values: number[]): number {
    return this.instance.exports[name](...values) >>> 0;
  }

  /** The number of threads requested, the main thread included. */
  get threadCount(): number {
    return 1 + (this.workers?.count ?? 0);
  }

  /** The number of threads that have started, the main thread included. Workers start asynchronously. */
  get readyCount(): number {
    return 1 + (this.workers?.startedCount ?? 0);
  }

  /** Why not all threads have started; undefined if they have, or are still starting. */
  get startError(): string | undefined {
    return this.workers?.startError;
  }

  /** Terminates the workers and starts `threadCount` - 1 new ones. */
  setThreadCount(threadCount: number): void {
    this.terminate();
    this.startWorkers(threadCount - 1);
  }

  /** Resolves when all workers have started, when one cannot, or after a time limit. */
  async whenReady(): Promise<void> {
    await this.workers?.whenStarted();
  }

  /** Terminates the workers after all dispatched calls have finished. */
  terminate(): void {
    if (!this.workers) return;
    try {
      this.finish();
    } finally {
      this.stopWorkers();
    }
  }

  /**
   * Dispatches a kernel with up to 64 32-bit arguments: addresses, integers, floats through `floatBits`. It
   * runs immediately with one thread, or if it is serial and no call is unfinished; otherwise asynchronously.
   *
   * @throws KernelFailure if the kernel fails immediately, or if the memory of the arguments has been lost
   * @throws Error with guards, if the kernel has written outside its blocks
   */
  dispatch(name: string, args: readonly number[], options: DispatchOptions = {}): void {
    if (Atomics.load(this.control, FAILED)) this.handleFailures();
    this.start(this.kernelNumbers.get(name)!, args, options);
    if (!areGuardsSet()) return;
    this.finish();
    this.memory.checkGuards(name);
  }

  /**
   * Blocks until all dispatched calls have finished (as glFinish does); the main thread runs chunks
   * meanwhile.
   */
  finish(): void {
    for (let { done } = this; done !== this.posted; done = this.done) this.finishNext(done);
    if (Atomics.load(this.control, FAILED)) this.handleFailures();
  }

  /** The number of the last finished call. */
  private get done(): number {
    return Atomics.load(this.control, DONE);
  }

  private createMemory(): void {
    this.memory = new SharedMemory(() => this.finish());
    this.instance = instantiateKernels(this.memory.memory);
    this.argsAddress = this.memory.allocate(4 * MAX_ARGUMENTS * SLOTS);
    this.argWords = new Int32Array(this.memory.memory.buffer, this.argsAddress, MAX_ARGUMENTS * SLOTS);
  }

  private startWorkers(count: number): void {
    if (count === 0) return;
    this.control = new Int32Array(new SharedArrayBuffer(4 * (FIRST_WORKER + WORKER_WORDS * count)));
    const { control } = this;
    const data = {
      module: kernelModule(),
      memory: this.memory.memory,
      control,
      kernelNames: this.kernelNames,
    };
    this.workers = new Workers(count, data, () => this.replaceEnded());
  }

  /** Finishes calls of which an ended worker had a chunk, and starts another worker. */
  private replaceEnded(): void {
    try {
      this.finish();
    } catch (error) {
      // An event has no caller: those who read a tensor that is lost get the error.
      if (!(error instanceof KernelFailure)) throw error;
    }
    this.workers?.replaceLost();
  }

  /** Ends the workers, whatever they are doing, and forgets all calls. */
  private stopWorkers(): void {
    Atomics.store(this.control, STOP, 1);
    Atomics.add(this.control, POSTED, 1);
    Atomics.notify(this.control, POSTED);
    this.workers?.terminate();
    this.workers = undefined;
    this.control = new Int32Array(FIRST_WORKER);
    this.posted = 0;
    this.pendingChunk = -1;
  }

  /** Replaces memory and workers: all values are lost. */
  private restart(cause: KernelFailure): void {
    const workerCount = this.threadCount - 1;
    this.stopWorkers();
    this.restartCause = cause;
    this.owners.fill(undefined);
    this.createMemory();
    this.startWorkers(workerCount);
  }

  /** Runs or posts a call. */
  private start(
    kernel: number,
    args: readonly number[],
    { serial = false, maxChunks }: DispatchOptions,
  ): void {
    const threads = this.readyCount;
    if ((threads === 1 || serial) && this.posted === this.done) return this.runDirectly(kernel, args);
    if (serial) return this.post(kernel, args, 1);
    const chunks = maxChunks
      ? Math.min(maxChunks, threads * MAX_CHUNKS_PER_THREAD, MAX_CHUNKS)
      : threads * CHUNKS_PER_THREAD;
    this.post(kernel, args, chunks);
  }

  private runDirectly(kernel: number, args: readonly number[]): void {
    this.argWords.set(args);
    try {
      this.instance.kernels[kernel](this.argsAddress, 0, 1, 0);
    } catch (error) {
      // A stack overflow: the caller's recursion, not the kernel, is at fault.
      if (error instanceof RangeError) throw error;
      const failure = new KernelFailure(this.kernelNames[kernel], (error as Error).message);
      if (!failure.isRecoverable) this.restart(failure);
      throw failure;
    }
  }

  /** Step 1 of the protocol, and the shortcut for a queue that is too long. */
  private post(kernel: number, args: readonly number[], chunks: number): void {
    for (let { done } = this; ((this.posted - done) | 0) === SLOTS; done = this.done) this.finishNext(done);
    if (Atomics.load(this.control, FAILED)) this.handleFailures();
    const { control } = this;
    const call = (this.posted + 1) | 0;
    const slot = slotOffset(call);
    const firstWord = MAX_ARGUMENTS * (call & (SLOTS - 1));
    for (let i = 0; i < args.length; i++) this.argWords[firstWord + i] = args[i];
    this.owners[call & (SLOTS - 1)] = this.owner;
    control[slot + KERNEL] = kernel;
    control[slot + ARGUMENTS] = this.argsAddress + 4 * firstWord;
    control[slot + CHUNKS] = chunks;
    control[slot + CHUNKS_DONE] = 0;
    control[slot + FAILURE] = 0;
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

  /** Finishes call `done` + 1: runs its unclaimed chunks, then waits for those that workers have claimed. */
  private finishNext(done: number): void {
    const { control } = this;
    this.runChunks((done + 1) | 0);
    for (let polls = 0; Atomics.load(control, DONE) === done; polls++) {
      if (polls < SPIN_LIMIT) continue;
      // Give the core to a worker on a busy machine.
      if (canBlock) Atomics.wait(control, DONE, done, BACKOFF_MS);
      const waits = polls - SPIN_LIMIT + 1;
      if (waits % POLLS_PER_CHECK === 0) this.checkProgress(done, waits / POLLS_PER_CHECK);
      if (this.control !== control) return;
    }
  }

  /** Step 9 of the protocol, for workers that have ended without a message. */
  private checkProgress(done: number, checks: number): void {
    const { control } = this;
    const call = (done + 1) | 0;
    const slot = slotOffset(call);
    if (this.workers?.hasLostChunk() && this.done === done) {
      storeFailure(control, slot, 'a worker thread has ended');
      Atomics.store(control, DONE, call);
    } else if (checks > MAX_CHECKS) {
      const kernel = this.kernelNames[control[slot + KERNEL]];
      this.restart(new KernelFailure(kernel, 'a worker thread does not respond'));
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
      try {
        this.instance.kernels[control[slot + KERNEL]](
          control[slot + ARGUMENTS],
          this.pendingChunk,
          chunks,
          0,
        );
      } catch (error) {
        if (error instanceof RangeError) throw error;
        storeFailure(control, slot, (error as Error).message);
      }
      this.pendingChunk = -1;
      const chunksDone = Atomics.add(control, slot + CHUNKS_DONE, 1) + 1;
      if (chunksDone === chunks) Atomics.store(control, DONE, call);
    }
  }

  /**
   * Finishes all calls; then restarts if a failure may have damaged the memory, else passes the failures to `onFailure`.
   *
   * @throws KernelFailure after a restart
   */
  private handleFailures(): void {
    Atomics.store(this.control, FAILED, 0);
    for (let { done } = this; done !== this.posted; done = this.done) this.finishNext(done);
    Atomics.store(this.control, FAILED, 0);
    this.workers?.replaceLost();
    const calls = this.lastCalls();
    const damage = calls.find(({ failure }) => failure && !failure.isRecoverable)?.failure;
    if (!damage) return this.onFailure(calls);
    this.restart(damage);
    throw damage;
  }

  /** The calls in the slots, in the order of their dispatch. Their failures are removed. */
  private lastCalls(): FinishedCall[] {
    const { control } = this;
    return Array.from({ length: SLOTS }, (_, i) => {
      const call = (this.posted - SLOTS + 1 + i) | 0;
      const slot = slotOffset(call);
      const reason = loadFailure(control, slot);
      const failure = reason
        ? new KernelFailure(this.kernelNames[control[slot + KERNEL]], reason)
        : undefined;
      control[slot + FAILURE] = 0;
      return { owner: this.owners[call & (SLOTS - 1)], failure };
    });
  }
}

function throwFirst(calls: readonly FinishedCall[]): void {
  throw calls.find(({ failure }) => failure)!.failure!;
}
