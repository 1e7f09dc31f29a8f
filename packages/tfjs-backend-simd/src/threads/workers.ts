import { CLAIMING, STARTED, WORKER_WORDS, workerOffset } from './control-layout.js';
import { startWorker, type WorkerHandle } from './start-worker.js';
import type { WorkerData } from './worker-code.js';

const START_TIMEOUT_MS = 5000;
/** A worker that ends before it has started is started again, up to this number of times in all. */
const MAX_RETRIES = 3;

/** The threads of a pool besides the main one: workers 1, 2, ... */
export class Workers {
  private readonly handles: (WorkerHandle | undefined)[] = [];
  /** Why a worker could not start. */
  startError?: string;
  private isStopped = false;
  private retries = 0;

  /** Starts `count` workers. `onLost` is called when one that has started ends; it calls `replaceLost`. */
  constructor(
    readonly count: number,
    private readonly data: Omit<WorkerData, 'worker'>,
    private readonly onLost: () => void,
  ) {
    for (let worker = 1; worker <= count; worker++) this.start(worker);
  }

  /** Whether this worker has started and not ended. */
  hasStarted(worker: number): boolean {
    return this.handles[worker] !== undefined && this.word(worker, STARTED) === 1;
  }

  /** The number of workers that have started, without a gap. */
  get startedCount(): number {
    let started = 0;
    while (started < this.count && this.hasStarted(started + 1)) started++;
    return started;
  }

  /** Resolves when all have started, when one cannot, or after START_TIMEOUT_MS. */
  async whenStarted(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    const isWaiting = () => this.startedCount < this.count && !this.startError && !this.isStopped;
    while (isWaiting() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 1));
    if (isWaiting()) this.startError ??= `no answer within ${START_TIMEOUT_MS / 1000} s`;
  }

  /**
   * Whether a worker has ended while it had a chunk, and no other worker has one: then no worker will finish the
   * current call.
   */
  hasLostChunk(): boolean {
    const { handles } = this;
    const claiming = handles.flatMap((_, worker) => (this.word(worker, CLAIMING) === 1 ? [worker] : []));
    return claiming.length > 0 && claiming.every((worker) => !handles[worker]?.isAlive());
  }

  /** Starts workers in place of those that have ended. */
  replaceLost(): void {
    for (let worker = 1; worker <= this.count; worker++)
      if (this.word(worker, STARTED) === 1 && !this.handles[worker]?.isAlive()) this.start(worker);
  }

  terminate(): void {
    this.isStopped = true;
    this.handles.splice(0).forEach((handle) => handle?.terminate());
  }

  private start(worker: number): void {
    const offset = workerOffset(worker);
    this.data.control.fill(0, offset, offset + WORKER_WORDS);
    const end = (reason: string) => {
      if (this.handles[worker] === handle) this.ended(worker, reason);
    };
    let handle: WorkerHandle | undefined;
    try {
      handle = startWorker({ ...this.data, worker }, end);
    } catch (error) {
      this.startError = (error as Error).message;
    }
    this.handles[worker] = handle;
  }

  private ended(worker: number, reason: string): void {
    if (this.isStopped) return;
    if (this.word(worker, STARTED) === 1) return this.onLost();
    if (this.retries++ < MAX_RETRIES) return this.start(worker);
    this.handles[worker] = undefined;
    this.startError = reason;
  }

  private word(worker: number, word: number): number {
    return worker < 1 ? 0 : Atomics.load(this.data.control, workerOffset(worker) + word);
  }
}
