import { expectNumber } from '@convlens/core';
import { getLearningRate } from './learning-rate.js';
import { readLog, type Logs } from './logs.js';
import { ModelCallback } from './model-callback.js';

/** How far a training has come: a plain record, to be drawn, printed or sent to another thread. */
export interface TrainingProgress {
  /** 'step' after a batch, with the metrics of that batch; 'epoch' after an epoch, with those of the epoch. */
  readonly kind: 'step' | 'epoch';
  /** The epoch that is being trained or was just finished, 0-based. */
  readonly epoch: number;
  readonly epochs: number;
  /** Batches done in this epoch. */
  readonly step: number;
  /** Batches an epoch, where that is known. */
  readonly steps?: number;
  /** As logged; undefined where training logs no such metric. */
  readonly loss?: number;
  readonly accuracy?: number;
  readonly valLoss?: number;
  readonly valAccuracy?: number;
  readonly learningRate: number;
  /** Since training began. */
  readonly seconds: number;
  /** Until the last epoch is done, at the mean speed so far; undefined while the steps of an epoch are not known. */
  readonly secondsLeft?: number;
}

export interface ProgressOptions {
  /** Milliseconds between two events of a step, 0 or above; default 100. 0: every batch, which are then all read back. */
  readonly interval?: number;
  /** A clock, in milliseconds; default performance.now. */
  readonly now?: () => number;
}

class Progress extends ModelCallback {
  readonly #onProgress: (progress: TrainingProgress) => void;
  readonly #interval: number;
  readonly #now: () => number;
  #began = 0;
  #reported = -Infinity;
  #firstEpoch = 0;
  #epoch = 0;
  #step = 0;
  #counted: number | undefined;

  constructor(onProgress: (progress: TrainingProgress) => void, interval: number, now: () => number) {
    super();
    this.#onProgress = onProgress;
    this.#interval = interval;
    this.#now = now;
  }

  protected reset(): void {
    this.#began = this.#now();
    this.#reported = -Infinity;
    this.#firstEpoch = -1;
    this.#counted = undefined;
  }

  get #steps(): number | undefined {
    return this.stepsPerEpoch ?? this.#counted;
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    if (this.#firstEpoch < 0) this.#firstEpoch = epoch;
    this.#epoch = epoch;
    this.#step = 0;
  }

  override async onBatchEnd(step: number, logs: Logs = {}): Promise<void> {
    this.#step = step + 1;
    if (this.#now() - this.#reported >= this.#interval) {
      const steps = this.#steps;
      await this.#report('step', logs, steps && this.#step / steps);
    }
    await super.onBatchEnd(step, logs);
  }

  override async onEpochEnd(_epoch: number, logs: Logs = {}): Promise<void> {
    this.#counted = this.#step;
    await this.#report('epoch', logs, 1);
  }

  async #report(kind: 'step' | 'epoch', logs: Logs, shareOfEpoch: number | undefined): Promise<void> {
    const [loss, accuracy, valLoss, valAccuracy] = await Promise.all(
      ['loss', 'accuracy', 'val_loss', 'val_accuracy'].map((name) => readLog(logs, name)),
    );
    this.#reported = this.#now();
    const epochs = Number(this.params.epochs);
    const seconds = (this.#reported - this.#began) / 1000;
    const done = this.#epoch - this.#firstEpoch + (shareOfEpoch ?? NaN);
    this.#onProgress({
      kind,
      epoch: this.#epoch,
      epochs,
      step: this.#step,
      steps: this.#steps,
      loss,
      accuracy,
      valLoss,
      valAccuracy,
      learningRate: getLearningRate(this.model.optimizer),
      seconds,
      secondsLeft: done > 0 ? (seconds * (epochs - this.#firstEpoch - done)) / done : undefined,
    });
  }
}

export type { Progress };

/**
 * A callback that tells `onProgress` how far training has come: after batches, no more often than `interval`, and after
 * each epoch. Only the batches that are reported are read back from the backend. It prints nothing.
 */
export function progress(
  onProgress: (progress: TrainingProgress) => void,
  { interval = 100, now = () => performance.now() }: ProgressOptions = {},
): Progress {
  expectNumber('interval', interval, { min: 0 });
  return new Progress(onProgress, interval, now);
}
