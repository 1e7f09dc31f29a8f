import { augment, parseAugment } from '@convlens/augment';
import type { EpochRecord, ImageSet } from '@convlens/core';
import { batches } from '@convlens/image-set';
import { buildModel } from '@convlens/models';
import { memoryStore } from '@convlens/storage';
import { compileClassifier, fit, openCheckpoints, type Checkpoints } from '@convlens/training';
import { progress, setLearningRate, type TrainingProgress } from '@convlens/training-callbacks';
import * as tf from '@tensorflow/tfjs';
import { targetEpoch, type TrainingSettings } from '../shared/training-settings.js';

/** A model and the checkpoints to resume its training. */
export interface TrainingRun {
  readonly model: tf.LayersModel;
  readonly checkpoints: Checkpoints;
  /** The number of complete epochs. */
  epochsDone: number;
}

export interface TrainOptions {
  settings: TrainingSettings;
  images: ImageSet;
  /** Evaluated after each epoch. */
  validation: ImageSet;
  signal: AbortSignal;
  onProgress: (progress: TrainingProgress) => void;
  onEpoch: (history: readonly EpochRecord[]) => void;
}

const SEED = 1;
const AUGMENTATION = parseAugment('flip,shift=0.1,rotate=15,zoom=0.1');

/** A run with an untrained model. */
export function createRun(): TrainingRun {
  const model = buildModel('shapes-3conv', { seed: SEED });
  compileClassifier(model);
  return { model, checkpoints: openCheckpoints(memoryStore(), { keep: 1 }), epochsDone: 0 };
}

/** Trains from the last complete epoch on. The settings may differ from those of the epochs before. */
export async function train(run: TrainingRun, options: TrainOptions): Promise<void> {
  const { settings, images, validation, signal, onProgress, onEpoch } = options;
  const { model, checkpoints } = run;
  // The checkpoint restores its own learning rate.
  const learningRateCallback = new tf.CustomCallback({
    onEpochBegin: async () => setLearningRate(model.optimizer, settings.learningRate),
  });
  const steps = settings.augmentation ? AUGMENTATION : [];
  await fit(model, {
    train: augment(batches(images, { seed: SEED }), steps, { seed: SEED }),
    validation: batches(validation, { batchSize: 100, shuffle: false }),
    epochs: targetEpoch(run.epochsDone, settings),
    callbacks: [learningRateCallback, progress(onProgress)],
    onEpoch: (history) => {
      run.epochsDone = history.length;
      onEpoch(history);
    },
    checkpoints,
    resume: true,
    signal,
  });
}

export function disposeRun({ model }: TrainingRun): void {
  model.optimizer.dispose();
  model.dispose();
}
