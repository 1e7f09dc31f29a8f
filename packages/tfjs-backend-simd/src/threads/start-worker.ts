import { WORKER_CODE, type WorkerData } from './worker-code.js';

export interface WorkerHandle {
  terminate(): unknown;
}

/** Starts a worker from its code as text. In Node it does not keep the process alive. */
export function startWorker(data: WorkerData): WorkerHandle {
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
