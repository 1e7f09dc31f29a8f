import { WORKER_CODE, type WorkerData } from './worker-code.js';

export interface WorkerHandle {
  terminate(): void;
  /** Whether the thread has not ended, without waiting for an event. Always true where that cannot be known. */
  isAlive(): boolean;
}

/** Is called once if the worker could not start, or ended without `terminate`; `reason` in words. */
type OnEnd = (reason: string) => void;

const nodeThreads = () =>
  typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:worker_threads');
type NodeThreads = NonNullable<ReturnType<typeof nodeThreads>>;
type Port = InstanceType<NodeThreads['MessagePort']>;

/**
 * Starts a worker from its code as text. In Node it does not keep the process alive.
 *
 * @throws Error if the environment refuses (a Content-Security-Policy, a page that is not cross-origin isolated)
 */
export function startWorker(data: WorkerData, onEnd: OnEnd): WorkerHandle {
  const node = nodeThreads();
  return node ? startInNode(node, data, onEnd) : startInBrowser(data, onEnd);
}

/**
 * The address space for the JavaScript code of a thread, whose default is 0.5 GB: under a limit (ulimit -v) Node ends when it
 * cannot reserve it. The code of the kernels is that of the main thread.
 */
const CODE_RANGE_MB = 16;

function startInNode(node: NodeThreads, data: WorkerData, onEnd: OnEnd): WorkerHandle {
  const { port1, port2 } = new node.MessageChannel();
  const { port1: probe } = new node.MessageChannel();
  const worker = new node.Worker(WORKER_CODE, {
    eval: true,
    workerData: { ...data, port: port2 },
    transferList: [port2],
    resourceLimits: { codeRangeSizeMb: CODE_RANGE_MB },
  });
  worker.unref();
  let isTerminated = false;
  let reason = 'the thread has ended';
  worker.on('error', (error: Error) => (reason = error.message));
  worker.on('exit', () => {
    port1.close();
    probe.close();
    if (!isTerminated) onEnd(reason);
  });
  const terminate = () => {
    isTerminated = true;
    void worker.terminate();
  };
  return { terminate, isAlive: () => isPortOpen(node, port1, probe) };
}

/**
 * Whether the other end of the port is open. It closes with its thread, which tells of the end of a thread while this
 * one is blocked; the event 'exit' comes later. A closed port is found out by its refusal to be transferred: an open one
 * is refused too, for being listed twice. `probe` is a port that the message would be sent to.
 */
function isPortOpen(node: NodeThreads, port: Port, probe: Port): boolean {
  node.receiveMessageOnPort(port);
  try {
    probe.postMessage(null, [port, port]);
  } catch (error) {
    return !/detached/.test((error as Error).message);
  }
  return true;
}

function startInBrowser(data: WorkerData, onEnd: OnEnd): WorkerHandle {
  const url = URL.createObjectURL(new Blob([WORKER_CODE], { type: 'text/javascript' }));
  let worker: Worker | undefined;
  try {
    worker = new Worker(url);
    worker.onerror = (event) => {
      event.preventDefault();
      onEnd(event.message || 'the page does not allow workers from blob: URLs');
    };
    worker.postMessage(data);
  } catch (error) {
    worker?.terminate();
    throw error;
  } finally {
    URL.revokeObjectURL(url);
  }
  const started = worker;
  return { terminate: () => started.terminate(), isAlive: () => true };
}
