import { CALL, DONE, KERNEL, OWN, TICKET, WORKER_CODE } from './worker-code.js';
import { KERNELS } from './kernels.wasm.js';
import { SharedMemory } from './memory.js';

interface Worker {
  terminate(): unknown;
}

const ARGUMENTS = 64;

/** Milliseconds. */
const START_LIMIT = 5000;

/** Shares of a call for each thread that takes part; at most 64 threads, so that their number fits into 8 bits. */
const SHARES = 3;
/** The most there are for a thread where a kernel says how many equal pieces its work has, and in all. */
const MOST_SHARES = 8;
const MOST_ON_TICKET = 192;

export interface RunOptions {
  /** On this thread only, where handing work over would cost more than it saves. Default false. */
  alone?: boolean;
  /** How many equal pieces a kernel's work has, if they are few: shares of whole pieces keep all threads busy to the end. */
  pieces?: number;
}

/** How often the main thread looks for the workers before it sleeps a little. */
const SPINS = 20_000;

/** Runs kernels on this thread and its workers, each a share of the work that depends on nothing but its number. */
export class Threads {
  readonly memory = new SharedMemory();
  private readonly names: string[];
  private readonly numbers: Map<string, number>;
  private readonly kernels: ((args: number, share: number, shares: number, worker: number) => void)[];
  private readonly module: WebAssembly.Module;
  private readonly exports: Record<string, (...values: number[]) => number>;
  private readonly args: number;
  /** Shared memory stays where it is when it grows, so views stay valid. */
  private readonly words: Int32Array;
  private readonly workers: Worker[] = [];
  private control: Int32Array = new Int32Array(OWN);
  private call = 0;
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
    this.args = this.memory.allocate(4 * ARGUMENTS);
    this.words = new Int32Array(this.memory.memory.buffer, this.args, ARGUMENTS);
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

  /** Ends the workers. */
  end(): void {
    if (this.workers.length === 0) return;
    Atomics.store(this.control, KERNEL, -1);
    Atomics.add(this.control, CALL, 1);
    Atomics.notify(this.control, CALL);
    this.workers.splice(0).forEach((worker) => worker.terminate());
    this.control = new Int32Array(OWN);
    this.call = 0;
    this.count = 1;
  }

  /** Runs a kernel with up to 64 arguments: addresses and integers, or floats through `floatBits`. */
  run(name: string, args: readonly number[], { alone = false, pieces }: RunOptions = {}): void {
    const kernel = this.numbers.get(name)!;
    for (let i = 0; i < args.length; i++) this.words[i] = args[i];
    const threads = alone ? 1 : this.ready;
    if (threads === 1) return this.kernels[kernel](this.args, 0, 1, 0);
    const { control } = this;
    const shares = pieces ? Math.min(pieces, threads * MOST_SHARES, MOST_ON_TICKET) : threads * SHARES;
    this.call = (this.call + 1) | 0;
    control[KERNEL] = kernel;
    control[KERNEL + 1] = this.args;
    control[KERNEL + 2] = shares;
    Atomics.store(control, DONE, 0);
    Atomics.store(control, TICKET, ((this.call & 0xffffff) << 8) | shares);
    Atomics.store(control, CALL, this.call);
    for (let i = 1; i < this.count; i++)
      if (Atomics.load(control, this.own(i))) {
        Atomics.notify(control, CALL);
        break;
      }
    for (;;) {
      const ticket = Atomics.load(control, TICKET);
      const left = ticket & 255;
      if (left === 0) break;
      if (Atomics.compareExchange(control, TICKET, ticket, ticket - 1) !== ticket) continue;
      this.kernels[kernel](this.args, shares - left, shares, 0);
      Atomics.add(control, DONE, 1);
    }
    this.waitFor(shares);
  }

  private own(worker: number): number {
    return OWN + 16 * (worker - 1);
  }

  private waitFor(shares: number): void {
    for (let spins = 0; ; spins++) {
      const done = Atomics.load(this.control, DONE);
      if (done === shares) return;
      // Where the machine is busy, the worker may need this core. A browser's page may not wait; its workers may.
      if (spins > SPINS && canWait) Atomics.wait(this.control, DONE, done, 0.05);
    }
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
