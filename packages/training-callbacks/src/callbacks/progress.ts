import { expectFunction, expectNumber, expectOptions, type OptionNames } from '@convlens/core';
import { readMetric, type Logs } from '../base/logs.js';
import { ModelCallback } from '../base/model-callback.js';
import { getLearningRate } from '../learning-rate.js';

/** The progress of a training: a plain record, to be rendered, printed or sent to another thread. */
export interface TrainingProgress {
  /**
   * 'step' after a batch, with the metrics of that batch; 'epoch' after an epoch, with those of the epoch.
   */
  readonly kind: 'step' | 'epoch';
  /** The current epoch, or with kind 'epoch' the one that just ended, 0-based. */
  readonly epoch: number;
  /** The number of epochs of the training. */
  readonly epochs: number;
  /** The number of batches of this epoch so far. */
  readonly step: number;
  /** The number of batches of an epoch, if it is known. */
  readonly steps?: number;
  /** As logged; undefined if the metric is not logged. */
  readonly loss?: number;
  readonly accuracy?: number;
  readonly valLoss?: number;
  readonly valAccuracy?: number;
  readonly learningRate: number;
  /** Since the begin of training. */
  readonly seconds: number;
  /**
   * Until the end of the last epoch, at the mean speed so far; undefined if the number of steps is not known.
   */
  readonly secondsLeft?: number;
}

export interface ProgressOptions {
  /**
   * The minimum time between two reports of kind 'step', in milliseconds, >= 0; 0 reports every batch.
   * Default 100.
   */
  readonly interval?: number;
  /** The time in milliseconds; default performance.now. */
  readonly now?: () => number;
}

const PROGRESS_OPTIONS: OptionNames<ProgressOptions> = { interval: true, now: true };

class Progress extends ModelCallback {
  readonly #onProgress: (progress: TrainingProgress) => void;
  readonly #interval: number;
  readonly #now: () => number;
  #startTime = 0;
  #lastReportTime = -Infinity;
  #firstEpoch = 0;
  #epoch = 0;
  #step = 0;
  #countedSteps: number | undefined;

  constructor(onProgress: (progress: TrainingProgress) => void, interval: number, now: () => number) {
    super();
    this.#onProgress = onProgress;
    this.#interval = interval;
    this.#now = now;
  }

  protected reset(): void {
    this.#startTime = this.#now();
    this.#lastReportTime = -Infinity;
    this.#firstEpoch = -1;
    this.#countedSteps = undefined;
  }

  get #steps(): number | undefined {
    return this.stepsPerEpoch ?? this.#countedSteps;
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    if (this.#firstEpoch < 0) this.#firstEpoch = epoch;
    this.#epoch = epoch;
    this.#step = 0;
  }

  override async onBatchEnd(step: number, logs: Logs = {}): Promise<void> {
    this.#step = step + 1;
    if (this.#now() - this.#lastReportTime >= this.#interval) {
      const steps = this.#steps;
      await this.#report('step', logs, steps && this.#step / steps);
    }
    await super.onBatchEnd(step, logs);
  }

  override async onEpochEnd(_epoch: number, logs: Logs = {}): Promise<void> {
    this.#countedSteps = this.#step;
    await this.#report('epoch', logs, 1);
  }

  async #report(kind: 'step' | 'epoch', logs: Logs, epochFraction: number | undefined): Promise<void> {
    const [loss, accuracy, valLoss, valAccuracy] = await Promise.all(
      ['loss', 'accuracy', 'val_loss', 'val_accuracy'].map((name) => readMetric(logs, name)),
    );
    this.#lastReportTime = this.#now();
    const epochs = Number(this.params.epochs);
    const seconds = (this.#lastReportTime - this.#startTime) / 1000;
    const doneEpochs = this.#epoch - this.#firstEpoch + (epochFraction ?? NaN);
    const leftEpochs = epochs - this.#firstEpoch - doneEpochs;
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
      secondsLeft: doneEpochs > 0 ? (seconds * leftEpochs) / doneEpochs : undefined,
    });
  }
}

export type { Progress };

/**
 * A callback that reports the progress of a training to `onProgress`: after batches, with at least `interval`
 * between two reports, and after each epoch. Metrics are read from the backend for the reported batches only.
 *
 * @throws InputError if an option is not valid.
 */
export function progress(
  onProgress: (progress: TrainingProgress) => void,
  options: ProgressOptions = {},
): Progress {
  expectOptions('progress', options, PROGRESS_OPTIONS);
  expectFunction('onProgress', onProgress);
  const { interval = 100, now = () => performance.now() } = options;
  expectNumber('interval', interval, { min: 0 });
  return new Progress(onProgress, interval, now);
}
