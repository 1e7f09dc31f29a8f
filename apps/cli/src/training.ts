import type { BlobStore } from '@convlens/storage';
import {
  trainRun,
  type RunDescription,
  type RunSettings,
  type RunSummary,
  type TrainOptions,
} from '@convlens/pipeline';
import * as tf from '@tensorflow/tfjs';
import { duration, percent, type Console } from './console.js';
import { dataFolder } from './data-folder.js';
import { openDataset } from './dataset.js';
import { isModelModule, loadModelModule } from './model-module.js';

interface Request {
  description: RunDescription;
  store: BlobStore;
  resume?: boolean;
}

/** Trains with a bar, a line an epoch, and a last line that says what came of it. */
export async function train(request: Request, console: Console, signal: AbortSignal): Promise<RunSummary> {
  const { description, store, resume } = request;
  const { settings, backend } = description;
  const dataDir = dataFolder(undefined, description);
  const { model, epochs } = settings;
  const build = isModelModule(model) ? (await loadModelModule(model)).build : undefined;
  const images = await openDataset({ ...settings, dataDir, split: 'train' }, console, signal);
  const told = { ...settings, images: images.count, backend, out: store.location };
  console.event(
    'start',
    told,
    `${resume ? 'resuming' : 'training'} ${model} on ${images.name} with ${backend}`,
  );
  const { onProgress, stop } = trainingProgress(console, epochs);
  try {
    const onNotice = (message: string) => console.notice(message);
    const summary = await trainRun(description, {
      store,
      images,
      build,
      resume,
      signal,
      onNotice,
      onProgress,
    });
    const { best, seconds } = summary;
    const text =
      `trained ${summary.epochs} epochs in ${duration(seconds)}; kept epoch ${best.epoch + 1}: ` +
      `validation loss ${best.valLoss?.toFixed(4)}, accuracy ${percent(best.valAccuracy ?? NaN)}`;
    console.event('trained', summary, text);
    return summary;
  } finally {
    stop();
  }
}

/** Says how a training comes along: a bar, a line an epoch, and after some seconds how long it will take. */
export function trainingProgress(
  console: Console,
  epochs: number,
): { onProgress: NonNullable<TrainOptions['onProgress']>; stop: () => void } {
  const bar = console.bar('epoch');
  let estimated = false;
  const onProgress: TrainOptions['onProgress'] = (progress) => {
    const { kind, epoch, step, steps, loss, accuracy, secondsLeft } = progress;
    const left = secondsLeft === undefined ? '' : `, about ${duration(secondsLeft)} left`;
    const detail = `${epoch + 1}/${epochs}  loss ${loss?.toFixed(4)}  accuracy ${percent(accuracy ?? NaN)}${left}`;
    if (!estimated && progress.seconds > 5 && secondsLeft !== undefined && secondsLeft > 30) {
      estimated = true;
      console.event('estimate', { secondsLeft }, `about ${duration(secondsLeft)} to go`);
    }
    if (kind === 'step') return bar.update(epoch * (steps ?? 1) + step, epochs * (steps ?? 1), detail);
    const { valLoss, valAccuracy, learningRate } = progress;
    const text =
      `epoch ${epoch + 1}/${epochs}  loss ${loss?.toFixed(4)}  accuracy ${percent(accuracy ?? NaN)}  ` +
      `validation loss ${valLoss?.toFixed(4)}  accuracy ${percent(valAccuracy ?? NaN)}`;
    console.event('epoch', { epoch, learningRate, loss, accuracy, valLoss, valAccuracy }, text + left);
  };
  return { onProgress, stop: () => bar.stop() };
}

/** Where the data of a run lies, for run.json; shapes lie nowhere. */
export const placeOf = ({ data }: RunSettings, dataDir: string) => (data === 'shapes' ? {} : { dataDir });

/** What run.json records of what takes part. */
export const versions = (convlens: string) => ({
  convlens,
  tfjs: tf.version_core,
  node: process.versions.node,
});
