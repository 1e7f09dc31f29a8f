import { InputError, type ImageSet } from '@convlens/core';
import { take } from '@convlens/image-set';
import { makeShapes } from '@convlens/image-set/shapes';
import { summarizeModel } from '@convlens/models';
import { PRETRAINED } from '@convlens/pretrained';
import type * as tf from '@tensorflow/tfjs';
import { startBackend } from './backend.js';
import { decodePicture, readPicture, type Picture } from './decode-picture.js';
import { imagesOf, inputOf, withImages, type InputOptions } from './given-images.js';
import { look } from './look.js';
import type { Report, Request, View } from './messages.js';
import { openFile, openPretrained, type OpenedNetwork } from './open-network.js';
import { disposeRun, openRun, train, type Run } from './run.js';
import type { Settings } from './settings.js';
import { visibleLayers } from './visible-layers.js';

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
/** The network that is looked into, if it was trained elsewhere. */
let opened: OpenedNetwork | undefined;
/** Which network was asked for last, of those that were opened or are yet to be. */
let wanted: Request | undefined;
/** The reader's own. */
const pictures: Picture[] = [];
/** What the network that is looked into is given: the images that are shown, then the pictures. */
let given: ImageSet;
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
    ...(await look((opened ?? run).model, { images: given, preprocessing: opened?.preprocessing, ...view })),
  });

/** The images that are shown and the pictures, as a network reads them: each is made smaller only once. */
async function imagesFor(model: tf.LayersModel, options: InputOptions): Promise<ImageSet> {
  let images = withImages(inputOf(model, options), imagesOf(shown));
  for (const picture of pictures) images = withImages(images, [await decodePicture(picture, images)]);
  return images;
}

const imagesForRun = () => imagesFor(run.model, { name: run.model.name, classNames: shown.classNames });

async function open(name: string, load: () => Promise<OpenedNetwork>): Promise<void> {
  try {
    const next = await load();
    const { model, preprocessing, card, file, notes } = next;
    let images: ImageSet;
    try {
      images = await imagesFor(model, { name, classNames: next.classNames });
      // What cannot be looked into is not let in.
      const layer = visibleLayers(summarizeModel(model)).at(-1);
      if (!layer)
        throw new InputError(`Expected ${name} to have a layer that puts out maps or units, found none`);
      await look(model, { images, preprocessing, index: 0, layer: layer.name });
    } catch (error) {
      model.dispose();
      throw error;
    }
    opened?.model.dispose();
    opened = next;
    given = images;
    tell({ kind: 'opened', images, model: summarizeModel(model), card, file, notes });
  } catch (error) {
    const { name: kind, message } = error as Error;
    // What is wrong with a file says so itself; other errors, such as of the network, do not say what they are about.
    tell({
      kind: 'refused',
      message: kind === 'InputError' ? message : `${name} cannot be opened: ${message}`,
    });
  }
}

/** Those passed over on the way to another, as with the arrow keys in the list, are not loaded. */
async function openUnlessPassed(request: Extract<Request, { kind: 'open-pretrained' }>): Promise<void> {
  const { name } = request;
  if (request === wanted) await open(name, () => openPretrained(name));
  else tell({ kind: 'passed-over' });
}

async function close(): Promise<void> {
  try {
    given = await imagesForRun();
    opened?.model.dispose();
    opened = undefined;
    tell({ kind: 'opened', images: given, model: summarizeModel(run.model), notes: [] });
  } catch (error) {
    tell({ kind: 'refused', message: (error as Error).message });
  }
}

async function add(files: readonly File[]): Promise<void> {
  const added: string[] = [];
  const problems: string[] = [];
  for (const file of files)
    try {
      const picture = await readPicture(file);
      given = withImages(given, [await decodePicture(picture, given)]);
      pictures.push(picture);
      added.push(picture.name);
    } catch (error) {
      problems.push((error as Error).message);
    }
  tell({ kind: 'pictures', images: given, added, problems });
}

async function start(): Promise<void> {
  await startBackend();
  run = openRun();
  given = await imagesForRun();
  const cards = Object.values(PRETRAINED);
  tell({ kind: 'ready', images: shown, model: summarizeModel(run.model), cards });
}

function receive(request: Request): unknown {
  switch (request.kind) {
    case 'stop':
      return stop?.abort();
    case 'train':
      return startTraining(request).catch(fail);
    case 'open-file':
      wanted = request;
      return enqueue(() => open(request.file.name, () => openFile(request.file)));
    case 'open-pretrained':
      wanted = request;
      return enqueue(() => openUnlessPassed(request));
    case 'close':
      wanted = request;
      return enqueue(close);
    case 'add':
      return enqueue(() => add(request.files));
    case 'look':
      return enqueue(() => showSight(request));
  }
}

self.onmessage = ({ data }: MessageEvent<Request>) => void receive(data);
// A part of TensorFlow.js that cannot be loaded may end in a promise that nobody waits for.
self.addEventListener('unhandledrejection', ({ reason }) => fail(reason));
// What is asked meanwhile, such as to open a file that was dropped at once, waits.
void enqueue(start);
