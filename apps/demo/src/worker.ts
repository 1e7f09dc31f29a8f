import type { ImageSet } from '@convlens/core';
import { take } from '@convlens/image-set';
import { makeShapes } from '@convlens/image-set/shapes';
import { summarizeModel } from '@convlens/models';
import { startBackend } from './backend.js';
import { look } from './look.js';
import { openFile, type OpenedFile } from './open-file.js';
import type { Report, Request, View } from './messages.js';
import { disposeRun, openRun, train, type Run } from './run.js';
import type { Settings } from './settings.js';

/** Test images that it is measured on after every epoch, and how many of them are shown. */
const MEASURED = 300;
const SHOWN = 30;

const tell = (report: Report) => self.postMessage(report);
const fail = (error: unknown) =>
  tell({ kind: 'failed', message: (error as Error | undefined)?.message ?? String(error) });

const test = makeShapes({ count: MEASURED, split: 'test' });
const shown = take(test, SHOWN);
let drawn: ImageSet | undefined;
let run: Run;
/** The network that is looked into, if it came from a file. */
let opened: OpenedFile | undefined;
let stop: AbortController | undefined;
/** Looks and changes of the network that is looked into: one after the other, so that none is disposed under a look. */
let queue: Promise<unknown> = Promise.resolve();
const enqueue = (work: () => Promise<unknown>) => (queue = queue.then(work).catch(fail));

/** The first training images: a shorter set is the beginning of a longer one, so none is drawn twice in a row. */
function drawImages(count: number): ImageSet {
  if (!drawn || drawn.count < count) drawn = makeShapes({ count });
  return take(drawn, count);
}

async function startTraining({ settings, goOn }: { settings: Settings; goOn: boolean }): Promise<void> {
  const { signal } = (stop = new AbortController());
  if (!goOn)
    await enqueue(async () => {
      disposeRun(run);
      run = openRun();
    });
  try {
    await train(run, {
      settings,
      images: drawImages(settings.images),
      validation: test,
      signal,
      onProgress: (progress) => tell({ kind: 'progress', progress }),
      onEpoch: (history) => tell({ kind: 'epoch', history }),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  tell({ kind: 'ended', isStopped: signal.aborted });
}

const showSight = async (view: View) =>
  tell({
    kind: 'sight',
    ...(await look((opened ?? run).model, { images: shown, ...opened, ...view })),
  });

async function open(name: string, bytes: Uint8Array): Promise<void> {
  try {
    const next = await openFile(name, bytes, shown);
    try {
      // What cannot be looked into is not let in.
      await look(next.model, { ...next, index: 0, layer: next.model.layers.at(-1)!.name });
    } catch (error) {
      next.model.dispose();
      throw error;
    }
    opened?.model.dispose();
    opened = next;
    const { model, images, notes } = next;
    tell({ kind: 'opened', images, model: summarizeModel(model), file: name, notes });
  } catch (error) {
    tell({ kind: 'refused', message: (error as Error).message });
  }
}

async function close(): Promise<void> {
  opened?.model.dispose();
  opened = undefined;
  tell({ kind: 'opened', images: shown, model: summarizeModel(run.model), notes: [] });
}

async function start(): Promise<void> {
  await startBackend();
  run = openRun();
  self.onmessage = ({ data }: MessageEvent<Request>) => {
    if (data.kind === 'stop') stop?.abort();
    else if (data.kind === 'train') startTraining(data).catch(fail);
    else if (data.kind === 'open') void enqueue(() => open(data.name, data.bytes));
    else if (data.kind === 'close') void enqueue(close);
    else void enqueue(() => showSight(data));
  };
  tell({ kind: 'ready', images: shown, model: summarizeModel(run.model) });
}

// A part of TensorFlow.js that cannot be loaded may end in a promise that nobody waits for.
self.addEventListener('unhandledrejection', ({ reason }) => fail(reason));
start().catch(fail);
