import {
  expectInteger,
  expectOneOf,
  InputError,
  type CallbackState,
  type MetricCallback,
  type ResumableCallback,
} from '@convlens/core';
import { getLearningRate, logLearningRate, setLearningRate } from './learning-rate.js';
import type { Logs } from './logs.js';
import { ModelCallback } from './model-callback.js';
import type { Schedule } from './schedules.js';

export interface LearningRateScheduleOptions {
  /** What the schedule's index counts: epochs (default), or steps (batches) since the training began. */
  readonly unit?: 'epoch' | 'step';
}

class LearningRateSchedule extends ModelCallback implements ResumableCallback, MetricCallback {
  readonly stateName = 'learningRateSchedule';
  readonly logs = ['learning_rate'];
  readonly #schedule: Schedule;
  readonly #unit: 'epoch' | 'step';
  #step: number | undefined;

  constructor(schedule: Schedule, unit: 'epoch' | 'step') {
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
      // A fit that begins at another epoch than the first has those steps behind it.
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
        `Expected schedule to return a learning rate >= 0 for ${this.#unit} ${index}, got ${JSON.stringify(rate) ?? rate}`,
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

export type { LearningRateSchedule };

/**
 * A callback that sets the learning rate by a function of the epoch, at its beginning, as Keras's LearningRateScheduler
 * does; or of the step, before each batch. At the end of each epoch it logs the rate as `learning_rate`. `stepDecay`,
 * `inverseTimeDecay`, `cosineDecay`, `oneCycle` and `warmUp` make such functions.
 *
 * Steps are counted from train begin; the count is its state. A fit that begins at a later epoch (`initialEpoch`) counts
 * the steps of the epochs before, where it says how many an epoch has.
 *
 * Throws an InputError when the schedule returns what is no rate.
 */
export function learningRateSchedule(
  schedule: Schedule,
  { unit = 'epoch' }: LearningRateScheduleOptions = {},
): LearningRateSchedule {
  if (typeof schedule !== 'function')
    throw new InputError(`Expected schedule to be a function, got ${typeof schedule}`);
  return new LearningRateSchedule(schedule, expectOneOf('unit', unit, ['epoch', 'step']));
}
