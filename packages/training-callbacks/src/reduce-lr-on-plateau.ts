import {
  expectInteger,
  expectNumber,
  InputError,
  type CallbackState,
  type MetricCallback,
  type ResumableCallback,
} from '@convlens/core';
import { getLearningRate, logLearningRate, setLearningRate } from './learning-rate.js';
import type { Logs } from './logs.js';
import { ModelCallback } from './model-callback.js';
import { parseMonitor, type Monitor, type MonitorOptions } from './monitor.js';
import { readBest } from './state.js';

/** A learning rate that was lowered. */
export interface LearningRateCut {
  /** At whose end, 0-based. */
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
}

export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** The metric that should improve, as it is logged; default 'val_loss'. */
  readonly monitor?: string;
  /** What the rate is multiplied by, 0 to 1 (1 excluded); default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement until the rate falls, 0 or above; default 10. */
  readonly patience?: number;
  /** A change that is not larger is no improvement; default 1e-4. */
  readonly minDelta?: number;
  /** Epochs after a cut in which none is counted, 0 or above; default 0. */
  readonly cooldown?: number;
  /** The rate never falls below, 0 or above; default 0. */
  readonly minLr?: number;
  /** Told of each cut. */
  readonly onReduce?: (cut: LearningRateCut) => void;
}

type Settings = Required<Pick<ReduceLROnPlateauOptions, 'factor' | 'patience' | 'cooldown' | 'minLr'>> &
  Pick<ReduceLROnPlateauOptions, 'onReduce'>;

class ReduceLROnPlateau extends ModelCallback implements ResumableCallback, MetricCallback {
  readonly stateName: string;
  readonly monitors: readonly string[];
  readonly logs = ['learning_rate'];
  readonly #monitor: Monitor;
  readonly #settings: Settings;
  #best: number | undefined;
  #wait = 0;
  #cooldown = 0;

  constructor(monitor: Monitor, settings: Settings) {
    super();
    this.stateName = `reduceLROnPlateau-${monitor.name}`;
    this.monitors = [monitor.name];
    this.#monitor = monitor;
    this.#settings = settings;
  }

  protected reset(): void {
    this.#best = undefined;
    this.#wait = 0;
    this.#cooldown = 0;
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    logLearningRate(logs, this.model.optimizer);
    const value = await this.readMonitored(this.#monitor, logs);
    if (value === undefined) return;
    if (this.#cooldown > 0) {
      this.#cooldown--;
      this.#wait = 0;
    }
    if (this.#monitor.improves(value, this.#best)) {
      this.#best = value;
      this.#wait = 0;
    } else if (this.#cooldown === 0) {
      this.#wait++;
      if (this.#wait >= this.#settings.patience) this.#reduce(epoch);
    }
  }

  #reduce(epoch: number): void {
    const { factor, minLr, cooldown, onReduce } = this.#settings;
    const from = getLearningRate(this.model.optimizer);
    // Training sees 32 bits of a rate: 0.1 * 0.1 is not above 0.01 there.
    if (Math.fround(from) <= Math.fround(minLr)) return;
    const to = Math.max(from * factor, minLr);
    setLearningRate(this.model.optimizer, to);
    this.#cooldown = cooldown;
    this.#wait = 0;
    onReduce?.({ epoch, from, to });
  }

  getState(): CallbackState {
    return { best: this.#best ?? null, wait: this.#wait, cooldown: this.#cooldown };
  }

  setState(state: CallbackState): void {
    const best = readBest(state);
    const wait = expectInteger('state.wait', state.wait);
    this.#cooldown = expectInteger('state.cooldown', state.cooldown);
    this.#wait = wait;
    this.#best = best;
  }
}

export type { ReduceLROnPlateau };

/**
 * A callback that lowers the learning rate when a metric has stopped to improve: Keras's ReduceLROnPlateau, epoch by
 * epoch (its `best` is never NaN, see `parseMonitor`). At the end of each epoch, before any cut, it writes the rate that
 * the epoch was trained with into the logs, as `learning_rate`.
 *
 * Its state is reset when training begins; call `setState` after that to go on where another training was left. The
 * rate itself belongs to the optimizer and is not in the state.
 *
 * Throws an InputError for an option out of range, and at the end of an epoch whose logs lack the metric.
 */
export function reduceLROnPlateau({
  monitor = 'val_loss',
  factor = 0.1,
  patience = 10,
  mode = 'auto',
  minDelta = 1e-4,
  cooldown = 0,
  minLr = 0,
  onReduce,
}: ReduceLROnPlateauOptions = {}): ReduceLROnPlateau {
  if (expectNumber('factor', factor, { min: 0 }) >= 1)
    throw new InputError(`Expected factor to be below 1, got ${factor}`);
  expectInteger('patience', patience);
  expectInteger('cooldown', cooldown);
  expectNumber('minLr', minLr, { min: 0 });
  const settings = { factor, patience, cooldown, minLr, onReduce };
  return new ReduceLROnPlateau(parseMonitor(monitor, { mode, minDelta }), settings);
}
