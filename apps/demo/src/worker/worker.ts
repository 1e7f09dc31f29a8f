import { InputError, isInputError, type ImageSet } from '@convlens/core';
import { take } from '@convlens/image-set';
import { generateShapes } from '@convlens/image-set/shapes';
import { summarizeModel } from '@convlens/models';
import { MODEL_CARDS } from '@convlens/pretrained';
import type * as tf from '@tensorflow/tfjs';
import type { Selection, WorkerMessage, WorkerRequest } from '../shared/messages.js';
import type { TrainingSettings } from '../shared/training-settings.js';
import { visibleLayers } from '../shared/visible-layers.js';
import { inspectModel } from './inspect-model.js';
import { appendImages, emptyInputs, splitImages, type ModelInputsOptions } from './model-inputs.js';
import { openModelFile, openPretrained, type OpenedModel } from './open-model.js';
import { startBackend } from './start-backend.js';
import { createRun, disposeRun, train, type TrainingRun } from './training-run.js';
import { decodeUserImage, readUserImage, type UserImage } from './user-image.js';

/** The number of test images that are evaluated after each epoch. */
const TEST_COUNT = 300;
/** The number of test images that the page shows. */
const SHOWN_COUNT = 30;

const testImages = generateShapes({ count: TEST_COUNT, split: 'test' });
const shownImages = take(testImages, SHOWN_COUNT);
/** The longest training set so far. */
let generatedImages: ImageSet | undefined;
let run: TrainingRun;
let trainingAbort: AbortController | undefined;
/** The inspected model, unless it is that of the run. */
let openedModel: OpenedModel | undefined;
/** The last request to open or close a model. */
let latestOpenRequest: WorkerRequest | undefined;
const userImages: UserImage[] = [];
/** The inputs of the inspected model: the shown test images, then the user's images. */
let modelInputs: ImageSet;

const post = (message: WorkerMessage) => self.postMessage(message);
const fail = (error: unknown) =>
  post({ kind: 'error', message: (error as Error | undefined)?.message ?? String(error) });

/** Inspections and changes of the model run one after another, so that no model is disposed during an inspection. */
let queue: Promise<unknown> = Promise.resolve();
const enqueue = (work: () => Promise<unknown>) => (queue = queue.then(work).catch(fail));

/** The first `count` training images. A set is the beginning of every longer one, so images are generated only once. */
function generateImages(count: number): ImageSet {
  if (!generatedImages || generatedImages.count < count) generatedImages = generateShapes({ count });
  return take(generatedImages, count);
}

async function startTraining(settings: TrainingSettings, resume: boolean): Promise<void> {
  const { signal } = (trainingAbort = new AbortController());
  if (!resume)
    await enqueue(async () => {
      disposeRun(run);
      run = createRun();
    });
  try {
    await train(run, {
      settings,
      images: generateImages(settings.imageCount),
      validation: testImages,
      signal,
      onProgress: (progress) => post({ kind: 'progress', progress }),
      onEpoch: (history) => post({ kind: 'epoch', history }),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  post({ kind: 'training-ended', isStopped: signal.aborted });
}

async function postInspection({ index, layer }: Selection): Promise<void> {
  const { model, preprocessing } = openedModel ?? { model: run.model };
  const inspection = await inspectModel(model, { images: modelInputs, preprocessing, index, layer });
  post({ kind: 'inspection', ...inspection });
}

/** The shown test images and the user's images in the input shape of a model. */
async function modelInputsFor(model: tf.LayersModel, options: ModelInputsOptions): Promise<ImageSet> {
  let images = appendImages(emptyInputs(model, options), splitImages(shownImages));
  for (const image of userImages) images = appendImages(images, [await decodeUserImage(image, images)]);
  return images;
}

const modelInputsForRun = () =>
  modelInputsFor(run.model, { name: run.model.name, classNames: shownImages.classNames });

/** Loads a model and inspects it once, so that no model is opened that cannot be shown. */
async function loadInspectable(
  name: string,
  load: () => Promise<OpenedModel>,
): Promise<{ opened: OpenedModel; images: ImageSet }> {
  const opened = await load();
  const { model, preprocessing, classNames } = opened;
  try {
    const images = await modelInputsFor(model, { name, classNames });
    const layer = visibleLayers(summarizeModel(model)).at(-1);
    if (!layer)
      throw new InputError(`Expected ${name} to have a layer with feature maps or units, found none`);
    await inspectModel(model, { images, preprocessing, index: 0, layer: layer.name });
    return { opened, images };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function openModel(name: string, load: () => Promise<OpenedModel>): Promise<void> {
  try {
    const { opened, images } = await loadInspectable(name, load);
    openedModel?.model.dispose();
    openedModel = opened;
    modelInputs = images;
    const { model, card, file, warnings } = opened;
    post({ kind: 'model-opened', images, summary: summarizeModel(model), card, file, warnings });
  } catch (error) {
    // An InputError names the file. Other errors, such as those of a request, do not.
    const { message } = error as Error;
    post({
      kind: 'open-failed',
      message: isInputError(error) ? message : `${name} cannot be opened: ${message}`,
    });
  }
}

/** Skips models that were only passed in the list, for example with the arrow keys. */
async function openUnlessSuperseded(
  request: Extract<WorkerRequest, { kind: 'open-pretrained' }>,
): Promise<void> {
  const { name } = request;
  if (request === latestOpenRequest) await openModel(name, () => openPretrained(name));
  else post({ kind: 'open-superseded' });
}

async function closeModel(): Promise<void> {
  try {
    modelInputs = await modelInputsForRun();
    openedModel?.model.dispose();
    openedModel = undefined;
    post({ kind: 'model-opened', images: modelInputs, summary: summarizeModel(run.model), warnings: [] });
  } catch (error) {
    post({ kind: 'open-failed', message: (error as Error).message });
  }
}

async function addUserImages(files: readonly File[]): Promise<void> {
  const added: string[] = [];
  const errors: string[] = [];
  for (const file of files)
    try {
      const image = await readUserImage(file);
      modelInputs = appendImages(modelInputs, [await decodeUserImage(image, modelInputs)]);
      userImages.push(image);
      added.push(image.name);
    } catch (error) {
      errors.push((error as Error).message);
    }
  post({ kind: 'images-added', images: modelInputs, added, errors });
}

async function start(): Promise<void> {
  await startBackend();
  run = createRun();
  modelInputs = await modelInputsForRun();
  post({ kind: 'ready', images: shownImages, summary: summarizeModel(run.model), cards: MODEL_CARDS });
}

function receive(request: WorkerRequest): unknown {
  switch (request.kind) {
    case 'stop':
      return trainingAbort?.abort();
    case 'train':
      return startTraining(request.settings, request.resume).catch(fail);
    case 'open-file':
      latestOpenRequest = request;
      return enqueue(() => openModel(request.file.name, () => openModelFile(request.file)));
    case 'open-pretrained':
      latestOpenRequest = request;
      return enqueue(() => openUnlessSuperseded(request));
    case 'close-model':
      latestOpenRequest = request;
      return enqueue(closeModel);
    case 'add-images':
      return enqueue(() => addUserImages(request.files));
    case 'inspect':
      return enqueue(() => postInspection(request));
  }
}

self.onmessage = ({ data }: MessageEvent<WorkerRequest>) => void receive(data);
// TensorFlow.js may reject a promise that no code awaits, for example if a part of it cannot be loaded.
self.addEventListener('unhandledrejection', ({ reason }) => fail(reason));
// Requests that arrive before the start is done wait in the queue.
void enqueue(start);
