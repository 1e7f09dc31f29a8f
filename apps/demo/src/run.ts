import { augment, parseAugment } from '@convlens/augment';
import { memoryStore } from '@convlens/storage';
import type { EpochRecord, ImageSet } from '@convlens/core';
import { batches } from '@convlens/image-set';
import { buildModel } from '@convlens/models';
import { compileClassifier, fit, openCheckpoints, type Checkpoints } from '@convlens/training';
import { progress, setLearningRate, type TrainingProgress } from '@convlens/training-callbacks';
import * as tf from '@tensorflow/tfjs';
import { lastEpoch, type Settings } from './settings.js';

/** A network, and what it takes to go on training it. */
export interface Run {
  readonly model: tf.LayersModel;
  readonly checkpoints: Checkpoints;
  /** How many epochs are done. */
  epochs: number;
}

export interface TrainOptions {
  settings: Settings;
  /** To train on. */
  images: ImageSet;
  /** To measure it on after every epoch. */
  validation: ImageSet;
  signal: AbortSignal;
  onProgress: (progress: TrainingProgress) => void;
  onEpoch: (history: readonly EpochRecord[]) => void;
}

const SEED = 1;
const AUGMENTATION = parseAugment('flip,shift=0.1,rotate=15,zoom=0.1');

/** A network that has learned nothing yet. */
export function openRun(): Run {
  const model = buildModel('shapes-3conv', { seed: SEED });
  compileClassifier(model);
  return { model, checkpoints: openCheckpoints(memoryStore(), { keep: 1 }), epochs: 0 };
}

/** Trains from the last whole epoch on, with settings that may be others than before. */
export async function train(run: Run, options: TrainOptions): Promise<void> {
  const { settings, images, validation, signal, onProgress, onEpoch } = options;
  const { model, checkpoints } = run;
  // A checkpoint brings back the rate of its time.
  const rate = new tf.CustomCallback({
    onEpochBegin: async () => setLearningRate(model.optimizer, settings.learningRate),
  });
  await fit(model, {
    train: augment(batches(images, { seed: SEED }), settings.augmentation ? AUGMENTATION : [], {
      seed: SEED,
    }),
    validation: batches(validation, { batchSize: 100, shuffle: false }),
    epochs: lastEpoch(run.epochs, settings),
    callbacks: [rate, progress(onProgress)],
    onEpoch: (history) => {
      run.epochs = history.length;
      onEpoch(history);
    },
    checkpoints,
    resume: true,
    signal,
  });
}

export function disposeRun({ model }: Run): void {
  model.optimizer.dispose();
  model.dispose();
}
