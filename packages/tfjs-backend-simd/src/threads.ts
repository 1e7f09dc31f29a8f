import { KERNELS } from './kernels.wasm.js';
import { SharedMemory } from './memory.js';
import {
  ARGUMENTS,
  DONE,
  END,
  FAILED,
  KERNEL,
  NAP,
  OWN,
  POSTED,
  SHARES,
  SHARES_DONE,
  slotOf,
  SLOTS,
  TICKET,
  ticketOf,
  WORKER_CODE,
} from './worker-code.js';

interface Worker {
  terminate(): unknown;
}

/** The most arguments of a kernel, 4 bytes each. */
const MOST_ARGUMENTS = 64;

/** Milliseconds. */
const START_LIMIT = 5000;

/** Shares of a call for each thread that takes part; at most 64 threads, so that their number fits into 8 bits. */
const SHARES_A_THREAD = 3;
/** The most there are for a thread where a kernel says how many equal pieces its work has, and in all. */
const MOST_SHARES = 8;
const MOST_ON_TICKET = 192;

export interface RunOptions {
  /** In one share, by whichever thread comes to it, where to cut the work would cost more than it saves. Default false. */
  alone?: boolean;
  /** How many equal pieces a kernel's work has, if they are few: shares of whole pieces keep all threads busy to the end. */
  pieces?: number;
}

/** How often the main thread looks for the workers before it sleeps a little. */
const SPINS = 20_000;

/** So many calls may wait for the workers before this thread takes part: until then it prepares the next ones. */
const AHEAD = 4;

/**
 * Runs kernels on this thread and its workers, each a share of the work that depends on nothing but its number. They run
 * one after the other, but later than they are asked for: while the workers are at one, this thread prepares the next.
 * Whoever looks into the memory through `memory` sees what all of them have done.
 */
export class Threads {
  readonly memory = new SharedMemory(() => this.finish());
  private readonly names: string[];
  private readonly numbers: Map<string, number>;
  private readonly kernels: ((args: number, share: number, shares: number, worker: number) => void)[];
  private readonly module: WebAssembly.Module;
  private readonly exports: Record<string, (...values: number[]) => number>;
  /** Where the arguments of the calls in the slots lie. */
  private readonly args: number;
  /** Shared memory stays where it is when it grows, so views stay valid. */
  private readonly words: Int32Array;
  private readonly workers: Worker[] = [];
  private control: Int32Array = new Int32Array(OWN);
  private posted = 0;
  /** The share of the call after `done` that this thread has taken and not done, as where the stack overflowed; else -1. */
  private owed = -1;
  /** How many threads are asked for, this one included. */
  count = 1;

  constructor() {
    const bytes = Uint8Array.from(atob(KERNELS), (character) => character.charCodeAt(0));
    this.module = new WebAssembly.Module(bytes);
    const abort = () => {
      throw new Error('kernel aborted');
    };
    const { exports } = new WebAssembly.Instance(this.module, { env: { memory: this.memory.memory, abort } });
    this.exports = exports as Threads['exports'];
    this.names = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
    this.numbers = new Map(this.names.map((name, number) => [name, number]));
    this.kernels = this.names.map((name) => exports[name] as (typeof this.kernels)[number]);
    this.args = this.memory.allocate(4 * MOST_ARGUMENTS * SLOTS);
    this.words = new Int32Array(this.memory.memory.buffer, this.args, MOST_ARGUMENTS * SLOTS);
  }

  /** Calls a function of the module that is no kernel, such as one that says how much scratch is needed. */
  ask(name: string, ...values: number[]): number {
    return this.exports[name](...values) >>> 0;
  }

  /** How many threads take part now: workers need a moment to start. */
  get ready(): number {
    let ready = 1;
    while (ready < this.count && Atomics.load(this.control, this.own(ready) + 1) === 1) ready++;
    return ready;
  }

  /** Starts or ends workers so that `count` threads share the work, this one included. */
  setCount(count: number): void {
    this.end();
    this.count = count;
    if (count === 1) return;
    this.control = new Int32Array(new SharedArrayBuffer(4 * (OWN + 16 * (count - 1))));
    const { memory } = this.memory;
    for (let index = 1; index < count; index++)
      this.workers.push(
        startWorker({ module: this.module, memory, control: this.control, names: this.names, index }),
      );
  }

  /** Waits until every worker takes part; after some seconds it goes on without those that are late. */
  async whenReady(): Promise<void> {
    const late = Date.now() + START_LIMIT;
    while (this.ready < this.count && Date.now() < late)
      await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** Ends the workers, once they are done with what was asked for. */
  end(): void {
    if (this.workers.length === 0) return;
    try {
      this.finish();
    } finally {
      Atomics.store(this.control, END, 1);
      Atomics.add(this.control, POSTED, 1);
      Atomics.notify(this.control, POSTED);
      this.workers.splice(0).forEach((worker) => worker.terminate());
      this.control = new Int32Array(OWN);
      this.posted = 0;
      this.owed = -1;
      this.count = 1;
    }
  }

  /** Runs a kernel with up to 64 arguments, addresses and integers, or floats through `floatBits`: now or later. */
  run(name: string, args: readonly number[], { alone = false, pieces }: RunOptions = {}): void {
    const kernel = this.numbers.get(name)!;
    const threads = this.ready;
    if (threads === 1 || (alone && this.posted === this.done)) {
      this.words.set(args);
      return this.kernels[kernel](this.args, 0, 1, 0);
    }
    if (alone) return this.post(kernel, args, 1);
    const most = pieces ? Math.min(pieces, threads * MOST_SHARES, MOST_ON_TICKET) : threads * SHARES_A_THREAD;
    this.post(kernel, args, most);
  }

  /** Waits until all kernels that were asked for have run, and takes part in them. */
  finish(): void {
    for (let { done } = this; done !== this.posted; done = this.done) this.advance(done);
  }

  /** The number of the last call that is done. */
  private get done(): number {
    return Atomics.load(this.control, DONE);
  }

  private post(kernel: number, args: readonly number[], shares: number): void {
    for (let { done } = this; ((this.posted - done) | 0) === SLOTS; done = this.done) this.advance(done);
    const { control } = this;
    const call = (this.posted + 1) | 0;
    const slot = slotOf(call);
    const first = MOST_ARGUMENTS * (call & (SLOTS - 1));
    for (let i = 0; i < args.length; i++) this.words[first + i] = args[i];
    control[slot + KERNEL] = kernel;
    control[slot + ARGUMENTS] = this.args + 4 * first;
    control[slot + SHARES] = shares;
    control[slot + SHARES_DONE] = 0;
    Atomics.store(control, slot + TICKET, ticketOf(call, shares));
    Atomics.store(control, POSTED, call);
    this.posted = call;
    for (let i = 1; i < this.count; i++)
      if (Atomics.load(control, this.own(i))) {
        Atomics.notify(control, POSTED);
        break;
      }
    const { done } = this;
    if (((call - done) | 0) > AHEAD) this.takePart((done + 1) | 0);
  }

  /** Takes part in the call after `done`, which is posted, and waits until that is done too. */
  private advance(done: number): void {
    const { control } = this;
    this.takePart((done + 1) | 0);
    for (let spins = 0; this.done === done; spins++) {
      if (Atomics.load(control, FAILED)) throw new Error("A kernel of backend 'simd' failed in a worker");
      // Where the machine is busy, the worker may need this core. A browser's page may not wait; its workers may.
      if (spins > SPINS && canWait) Atomics.wait(control, DONE, done, NAP);
    }
  }

  /** Takes shares of a call until none is left; all calls before it are done. */
  private takePart(call: number): void {
    const { control } = this;
    const slot = slotOf(call);
    for (;;) {
      if (this.owed < 0) {
        const ticket = Atomics.load(control, slot + TICKET);
        const left = ticket & 255;
        if (left === 0) return;
        if (Atomics.compareExchange(control, slot + TICKET, ticket, ticket - 1) !== ticket) continue;
        this.owed = control[slot + SHARES] - left;
      }
      const shares = control[slot + SHARES];
      this.kernels[control[slot + KERNEL]](control[slot + ARGUMENTS], this.owed, shares, 0);
      this.owed = -1;
      if (Atomics.add(control, slot + SHARES_DONE, 1) === shares - 1) Atomics.store(control, DONE, call);
    }
  }

  private own(worker: number): number {
    return OWN + 16 * (worker - 1);
  }
}

const canWait = typeof document === 'undefined';

/** A float32 as the integer with the same bits, to stand among arguments. */
export function floatBits(value: number): number {
  bits.float[0] = value;
  return bits.integer[0];
}
const buffer = new ArrayBuffer(4);
const bits = { float: new Float32Array(buffer), integer: new Int32Array(buffer) };

/** Starts a worker from text; in Node one that does not keep the process alive. */
function startWorker(data: object): Worker {
  const node = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:worker_threads');
  if (node) {
    const worker = new node.Worker(WORKER_CODE, { eval: true, workerData: data });
    worker.unref();
    return worker;
  }
  const url = URL.createObjectURL(new Blob([WORKER_CODE], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.postMessage(data);
  URL.revokeObjectURL(url);
  return worker;
}

/**
 * As many threads as there are processors where memory can be shared with workers: in Node, and in a browser whose page is
 * cross-origin isolated. Elsewhere 1.
 */
export function defaultThreads(): number {
  const isNode = typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function';
  if (!isNode && !globalThis.crossOriginIsolated) return 1;
  return Math.min(16, Math.max(1, globalThis.navigator?.hardwareConcurrency ?? processors()));
}

const processors = () => process.getBuiltinModule('node:os').availableParallelism();
