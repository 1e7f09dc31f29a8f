import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expectInteger, expectOptions, InputError, type OptionNames } from '@convlens/core';
import type { DecodeRequest } from './decode-pixels.js';
import type { DecodeReply } from './decode-worker.js';
import type { ImageDecoders } from './image-decoders.js';

export interface DecodeWorkersOptions {
  /** The number of threads, >= 1; default one less than the processors, but at least 1 and at most 8. */
  readonly workers?: number;
}

const DECODE_WORKERS_OPTIONS: OptionNames<DecodeWorkersOptions> = { workers: true };

/** Threads that decode image files; whoever started them closes them. */
export interface DecodeWorkers extends ImageDecoders {
  /** The number of threads. */
  readonly workers: number;
  /** Ends the threads. Images that are being decoded are rejected. */
  close(): Promise<void>;
}

interface Job {
  readonly request: DecodeRequest;
  readonly resolve: (pixels: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** The module of a thread, as it is built: below this one, of which a build has no folders. */
const WORKER_FILE = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/stream/decode-worker.js' : './stream/decode-worker.js',
    import.meta.url,
  ),
);

const defaultWorkers = () => Math.max(1, Math.min(8, availableParallelism() - 1));

/**
 * Starts threads that decode image files, for the option `decoders` of `openImages`. Threads without work do not keep the process
 * alive.
 *
 * Its method `decode` rejects with an InputError that names the file, if it cannot be decoded or its thread ends.
 */
export function decodeWorkers(options: DecodeWorkersOptions = {}): DecodeWorkers {
  expectOptions('decodeWorkers', options, DECODE_WORKERS_OPTIONS);
  const { workers = defaultWorkers() } = options;
  expectInteger('workers', workers, { min: 1 });
  const pool = new WorkerPool(workers);
  return { workers, decode: (request) => pool.decode(request), close: () => pool.close() };
}

/**
 * A thread decodes one image at a time; the next ones wait here, so that no thread is idle while another has a queue. Threads are
 * started when there are images for them: one that ended is replaced for the next image.
 */
class WorkerPool {
  readonly #jobs = new Map<Worker, Job | undefined>();
  readonly #queue: Job[] = [];
  #isClosed = false;

  constructor(private readonly size: number) {}

  decode(request: DecodeRequest): Promise<Uint8Array> {
    if (this.#isClosed) return Promise.reject(closedError(request));
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
      this.#assign();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { request, reject } of this.#queue.splice(0)) reject(closedError(request));
    await Promise.all([...this.#jobs.keys()].map((worker) => worker.terminate()));
  }

  #assign(): void {
    while (this.#queue.length > 0) {
      const worker = this.#idleWorker();
      if (!worker) return;
      const job = this.#queue.shift()!;
      this.#jobs.set(worker, job);
      worker.ref();
      worker.postMessage(job.request);
    }
  }

  #idleWorker(): Worker | undefined {
    for (const [worker, job] of this.#jobs) if (!job) return worker;
    return this.#jobs.size < this.size ? this.#start() : undefined;
  }

  #start(): Worker {
    // The options of the process, such as the code of `node -e`, are not for its threads.
    const worker = new Worker(WORKER_FILE, { execArgv: [] });
    let reason = 'it ended';
    worker.on('message', (reply: DecodeReply) => this.#finish(worker, reply));
    worker.on('error', (error) => (reason = error.message));
    worker.on('exit', () => this.#remove(worker, reason));
    return worker;
  }

  #finish(worker: Worker, { pixels, message = '', isInput }: DecodeReply): void {
    const job = this.#jobs.get(worker);
    this.#jobs.set(worker, undefined);
    worker.unref();
    if (pixels) job?.resolve(pixels);
    else job?.reject(isInput ? new InputError(message) : new Error(`${job.request.name}: ${message}`));
    this.#assign();
  }

  /** A thread that ends takes its image with it. */
  #remove(worker: Worker, reason: string): void {
    const job = this.#jobs.get(worker);
    this.#jobs.delete(worker);
    if (!job) return;
    const { request, reject } = job;
    reject(
      this.#isClosed
        ? closedError(request)
        : new InputError(`${request.name}: the thread that decoded it stopped: ${reason}`),
    );
    this.#assign();
  }
}

const closedError = ({ name }: DecodeRequest) =>
  new InputError(
    `${name}: expected threads that are open, got closed ones: start others with decodeWorkers()`,
  );
