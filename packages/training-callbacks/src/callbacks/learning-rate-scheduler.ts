import {
  expectInteger,
  expectOneOf,
  expectOptions,
  InputError,
  type CallbackState,
  type MetricCallback,
  type OptionNames,
  type ResumableCallback,
} from '@convlens/core';
import type { Logs } from '../base/logs.js';
import { ModelCallback } from '../base/model-callback.js';
import { getLearningRate, logLearningRate, setLearningRate } from '../learning-rate.js';
import type { LearningRateSchedule } from '../schedules.js';

export const SCHEDULE_UNITS = ['epoch', 'step'] as const;
export type ScheduleUnit = (typeof SCHEDULE_UNITS)[number];

export interface LearningRateSchedulerOptions {
  /**
   * The unit of the index of the schedule: epochs, or steps (batches) since the begin of training. Default
   * 'epoch'.
   */
  readonly unit?: ScheduleUnit;
}

const LEARNING_RATE_SCHEDULER_OPTIONS: OptionNames<LearningRateSchedulerOptions> = { unit: true };

class LearningRateScheduler extends ModelCallback implements ResumableCallback, MetricCallback {
  /** Part of the checkpoint format. */
  readonly stateName = 'learningRateSchedule';
  readonly logs = ['learning_rate'];
  readonly #schedule: LearningRateSchedule;
  readonly #unit: ScheduleUnit;
  #step: number | undefined;

  constructor(schedule: LearningRateSchedule, unit: ScheduleUnit) {
    super();
    this.#schedule = schedule;
    this.#unit = unit;
  }

  protected reset(): void {
    this.#step = undefined;
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    if (this.#unit === 'epoch') this.#apply(epoch);
    else {
      // A fit that begins at a later epoch counts the steps of the epochs before.
      this.#step ??= epoch * (this.stepsPerEpoch ?? 0);
      this.#apply(this.#step);
    }
  }

  override async onBatchBegin(): Promise<void> {
    if (this.#unit === 'epoch') return;
    this.#apply(this.#step!);
    this.#step!++;
  }

  override async onEpochEnd(_epoch: number, logs: Logs = {}): Promise<void> {
    logLearningRate(logs, this.model.optimizer);
  }

  #apply(index: number): void {
    const { optimizer } = this.model;
    const rate = this.#schedule(index, getLearningRate(optimizer));
    if (typeof rate !== 'number' || !(rate >= 0 && rate < Infinity))
      throw new InputError(
        `Expected schedule to return a learning rate >= 0 for ${this.#unit} ${index},` +
          ` got ${JSON.stringify(rate) ?? rate}`,
      );
    setLearningRate(optimizer, rate);
  }

  getState(): CallbackState {
    return { step: this.#step ?? null };
  }

  setState({ step }: CallbackState): void {
    this.#step = step === null ? undefined : expectInteger('state.step', step);
  }
}

export type { LearningRateScheduler };

/**
 * A callback that sets the learning rate by a schedule: at the begin of each epoch, as Keras's
 * LearningRateScheduler, or before each batch. At the end of each epoch it logs the rate as `learning_rate`.
 * `stepDecay`, `inverseTimeDecay`, `cosineDecay`, `oneCycle` and `warmUp` return schedules.
 *
 * Steps are counted from the begin of training; the count is the state. A fit that begins at a later epoch
 * (`initialEpoch`) counts the steps of the epochs before, if it declares the number of steps of an epoch.
 *
 * @throws InputError if `schedule` or an option is not valid; in training if the schedule does not return a
 * rate >= 0.
 */
export function learningRateScheduler(
  schedule: LearningRateSchedule,
  options: LearningRateSchedulerOptions = {},
): LearningRateScheduler {
  expectOptions('learningRateScheduler', options, LEARNING_RATE_SCHEDULER_OPTIONS);
  if (typeof schedule !== 'function')
    throw new InputError(`Expected schedule to be a function, got ${typeof schedule}`);
  return new LearningRateScheduler(schedule, expectOneOf('unit', options.unit ?? 'epoch', SCHEDULE_UNITS));
}
