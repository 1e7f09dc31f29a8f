import { formatCount, formatDuration, formatPercent } from '@convlens/core';
import {
  epochDivergence,
  folderOptionsOf,
  RUN_FILES,
  SEPARATE_VALIDATION,
  trainRun,
  type RunDescription,
  type RunSettings,
  type RunSummary,
  type TrainOptions,
} from '@convlens/pipeline';
import { decodeWorkers, type DecodeWorkers } from '@convlens/image-set/node';
import type { OutputFolder } from '@convlens/storage/node';
import * as tf from '@tensorflow/tfjs';
import { chooseTrainingBackend } from '../backend/choose-backend.js';
import { folderToRemember } from '../data/data-dir.js';
import { openTrainingImages } from '../data/open-training-images.js';
import { rememberFolder } from '../data/remembered-folders.js';
import { loadModelModule, moduleChecksum } from '../models/model-module.js';
import type { Console } from '../terminal/console.js';
import { TRAINING_FILES } from './output-folder.js';
import { version } from '../version.js';

interface TrainRequest {
  description: RunDescription;
  store: OutputFolder;
  /** The id of the data set, or the path of the folder of images. */
  data: string;
  /** The folder of the data sets. */
  dataDir: string;
  /** The module that defines the model, if the command line names one. */
  module?: string;
  resume?: boolean;
  /** Whether images of a folder are read from files during the training; default: if they are large. */
  stream?: boolean;
}

/** Trains a run with a progress bar; prints a line per epoch and a summary. */
export async function train(
  request: TrainRequest,
  console: Console,
  signal: AbortSignal,
): Promise<RunSummary> {
  // Threads start with the first image that they decode.
  const decoders = decodeWorkers();
  try {
    return await trainWith(request, { decoders, console, signal });
  } finally {
    await decoders.close();
  }
}

async function trainWith(
  { description, store, data, dataDir, module, resume, stream }: TrainRequest,
  { decoders, console, signal }: { decoders: DecodeWorkers; console: Console; signal: AbortSignal },
): Promise<RunSummary> {
  const { settings, backend } = description;
  const { model, epochs, validation } = settings;
  const build = module === undefined ? undefined : (await loadModelModule(module)).build;
  const { limit } = settings;
  const request = { data, limit, dataDir, stream, ...folderOptionsOf(settings) };
  const open = (split: 'train' | 'validation') =>
    openTrainingImages({ ...request, split }, { decoders, console, signal });
  const images = await open('train');
  const validationImages = validation === SEPARATE_VALIDATION ? await open('validation') : undefined;
  const fields = { ...settings, images: images.count, backend, out: store.location };
  const verb = resume ? 'resuming' : 'training';
  const heldOut = validationImages
    ? `${validationImages.count} images of its own`
    : `${validation} of ${images.count} images`;
  const text = `${verb} ${model} on ${images.name} with ${backend}; validation: ${heldOut}`;
  console.event('start', fields, text);
  // What would be refused after the first epoch is refused before it.
  if (resume || !(await store.read(RUN_FILES.run)))
    for (const name of TRAINING_FILES) await store.expectReplaceable(name);
  const { onProgress, stop } = trainingProgress(console, epochs);
  const onWarning = (message: string) => console.warn(message);
  try {
    const summary = await trainRun(description, {
      store,
      images,
      ...(validationImages && { validationImages }),
      build,
      resume,
      signal,
      onWarning,
      onProgress,
      onStart: async ({ dataChecksum }) => {
        const folder = folderToRemember(data, dataDir);
        if (folder !== undefined && !(await rememberFolder(dataChecksum!, folder)))
          console.warn(
            'Where the images lie cannot be remembered: commands that read this run need --data or --data-dir',
          );
      },
    });
    printSummary(summary, console);
    return summary;
  } finally {
    stop();
  }
}

/** Whether a run has a model: not if all its epochs are diverged. */
export const hasModel = ({ best }: RunSummary): boolean => epochDivergence(best) === undefined;

function printSummary(summary: RunSummary, console: Console): void {
  const { best, epochs, seconds } = summary;
  const bestText = hasModel(summary)
    ? `best epoch ${best.epoch + 1}: ` +
      `validation loss ${best.valLoss?.toFixed(4)}, accuracy ${formatPercent(best.valAccuracy ?? NaN)}`
    : 'no epoch has a model';
  console.event(
    'trained',
    summary,
    `trained ${formatCount(epochs, 'epoch')} in ${formatDuration(seconds)}; ${bestText}`,
  );
}

/** An estimate is printed once, after this many seconds of training, if more than the second number remain. */
const ESTIMATE_AFTER = 5;
const ESTIMATE_FROM = 30;

/** Prints the progress of a training: a bar, a line per epoch, and an estimate of the remaining time. */
export function trainingProgress(
  console: Console,
  epochs: number,
): { onProgress: NonNullable<TrainOptions['onProgress']>; stop: () => void } {
  const bar = console.bar('epoch');
  let isEstimated = false;
  const onProgress: TrainOptions['onProgress'] = (progress) => {
    const { kind, epoch, step, steps, loss, accuracy, secondsLeft } = progress;
    const remaining = secondsLeft === undefined ? '' : `, about ${formatDuration(secondsLeft)} remaining`;
    const measures = `loss ${loss?.toFixed(4)}  accuracy ${formatPercent(accuracy ?? NaN)}`;
    if (
      !isEstimated &&
      progress.seconds > ESTIMATE_AFTER &&
      secondsLeft !== undefined &&
      secondsLeft > ESTIMATE_FROM
    ) {
      isEstimated = true;
      console.event('estimate', { secondsLeft }, `about ${formatDuration(secondsLeft)} remaining`);
    }
    if (kind === 'step') {
      const detail = `${epoch + 1}/${epochs}  ${measures}${remaining}`;
      return bar.update(epoch * (steps ?? 1) + step, epochs * (steps ?? 1), detail);
    }
    const { valLoss, valAccuracy, learningRate } = progress;
    const validation = `validation loss ${valLoss?.toFixed(4)}  accuracy ${formatPercent(valAccuracy ?? NaN)}`;
    const text = `epoch ${epoch + 1}/${epochs}  ${measures}  ${validation}${remaining}`;
    console.event('epoch', { epoch, learningRate, loss, accuracy, valLoss, valAccuracy }, text);
  };
  return { onProgress, stop: () => bar.stop() };
}

/** The versions that run.json records. */
export function versions() {
  return { convlens: version, tfjs: tf.version_core, node: process.versions.node };
}

/** Chooses and prints the backend of a training; returns what run.json records. */
export async function describeRun(
  settings: RunSettings,
  { backend: choice, module }: { backend: string; module?: string },
  console: Console,
): Promise<RunDescription> {
  const { name: backend, reason } = await chooseTrainingBackend(choice);
  console.event('backend', { backend, reason }, `backend: ${backend}, because ${reason}`);
  return {
    settings,
    backend,
    versions: versions(),
    ...(module !== undefined && { moduleChecksum: await moduleChecksum(module) }),
  };
}
