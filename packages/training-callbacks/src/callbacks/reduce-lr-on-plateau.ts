import {
  expectInteger,
  expectNumber,
  expectOptions,
  InputError,
  type CallbackState,
  type LearningRateCut,
  type MetricCallback,
  type OptionNames,
  type ResumableCallback,
} from '@convlens/core';
import { isDivergedEpoch } from '../base/diverged-epoch.js';
import type { Logs } from '../base/logs.js';
import { ModelCallback } from '../base/model-callback.js';
import { readBest } from '../base/read-best.js';
import { getLearningRate, logLearningRate, setLearningRate } from '../learning-rate.js';
import { createMonitor, MONITOR_OPTIONS, type Monitor, type MonitorOptions } from '../monitor.js';

export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** The monitored metric, as it is logged; default 'val_loss'. */
  readonly monitor?: string;
  /** The rate is multiplied by this number, 0 to 1 (1 excluded); default 0.1. */
  readonly factor?: number;
  /** The number of epochs without improvement before the rate is reduced, >= 0; default 10. */
  readonly patience?: number;
  /** A change up to this size is not an improvement; default 1e-4. */
  readonly minDelta?: number;
  /** The number of epochs after a cut that are not counted, >= 0; default 0. */
  readonly cooldown?: number;
  /** The lowest rate, >= 0; default 0. */
  readonly minLr?: number;
  /** Called with each cut. */
  readonly onReduce?: (cut: LearningRateCut) => void;
}

const REDUCE_LR_ON_PLATEAU_OPTIONS: OptionNames<ReduceLROnPlateauOptions> = {
  ...MONITOR_OPTIONS,
  monitor: true,
  factor: true,
  patience: true,
  cooldown: true,
  minLr: true,
  onReduce: true,
};

export type ReduceLROnPlateauSettings = Required<
  Pick<ReduceLROnPlateauOptions, 'factor' | 'patience' | 'cooldown' | 'minLr'>
> &
  Pick<ReduceLROnPlateauOptions, 'onReduce'>;

class ReduceLROnPlateau extends ModelCallback implements ResumableCallback, MetricCallback {
  readonly stateName: string;
  readonly monitors: readonly string[];
  readonly logs = ['learning_rate'];
  readonly #monitor: Monitor;
  readonly #settings: ReduceLROnPlateauSettings;
  #best: number | undefined;
  #wait = 0;
  #cooldownLeft = 0;

  constructor(monitor: Monitor, settings: ReduceLROnPlateauSettings) {
    super();
    this.stateName = `reduceLROnPlateau-${monitor.name}`;
    this.monitors = [monitor.name];
    this.#monitor = monitor;
    this.#settings = settings;
  }

  protected reset(): void {
    this.#best = undefined;
    this.#wait = 0;
    this.#cooldownLeft = 0;
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    logLearningRate(logs, this.model.optimizer);
    const value = await this.readMonitor(this.#monitor, logs);
    if (value === undefined) return;
    if (this.#cooldownLeft > 0) {
      this.#cooldownLeft--;
      this.#wait = 0;
    }
    const diverged = await isDivergedEpoch(this.model, logs);
    if (!diverged && this.#monitor.isImprovement(value, this.#best)) {
      this.#best = value;
      this.#wait = 0;
    } else if (this.#cooldownLeft === 0) {
      this.#wait++;
      if (this.#wait >= this.#settings.patience) this.#reduce(epoch);
    }
  }

  #reduce(epoch: number): void {
    const { factor, minLr, cooldown, onReduce } = this.#settings;
    const from = getLearningRate(this.model.optimizer);
    // Training uses float32, in which 0.1 * 0.1 is not above 0.01.
    if (Math.fround(from) <= Math.fround(minLr)) return;
    const to = Math.max(from * factor, minLr);
    setLearningRate(this.model.optimizer, to);
    this.#cooldownLeft = cooldown;
    this.#wait = 0;
    onReduce?.({ epoch, from, to });
  }

  getState(): CallbackState {
    return { best: this.#best ?? null, wait: this.#wait, cooldown: this.#cooldownLeft };
  }

  setState(state: CallbackState): void {
    const best = readBest(state);
    const wait = expectInteger('state.wait', state.wait);
    this.#cooldownLeft = expectInteger('state.cooldown', state.cooldown);
    this.#wait = wait;
    this.#best = best;
  }
}

export type { ReduceLROnPlateau };

/**
 * A callback that reduces the learning rate when a metric no longer improves: Keras's ReduceLROnPlateau,
 * epoch by epoch (except that a diverged epoch is never the best, see `isDivergedEpoch`). At the end of each epoch, before a
 * cut, it logs the learning rate of the epoch as `learning_rate`.
 *
 * The state is reset when training begins; call `setState` after that to continue another training. The
 * learning rate is part of the optimizer, not of the state.
 *
 * @throws InputError if an option is not valid; at the end of an epoch whose logs do not have the metric.
 */
export function reduceLROnPlateau(options: ReduceLROnPlateauOptions = {}): ReduceLROnPlateau {
  expectOptions('reduceLROnPlateau', options, REDUCE_LR_ON_PLATEAU_OPTIONS);
  const { monitor = 'val_loss', mode = 'auto', minDelta = 1e-4, factor = 0.1, patience = 10 } = options;
  const { cooldown = 0, minLr = 0, onReduce } = options;
  if (expectNumber('factor', factor, { min: 0 }) >= 1)
    throw new InputError(`Expected factor to be below 1, got ${factor}`);
  expectInteger('patience', patience);
  expectInteger('cooldown', cooldown);
  expectNumber('minLr', minLr, { min: 0 });
  const settings = { factor, patience, cooldown, minLr, onReduce };
  return new ReduceLROnPlateau(createMonitor(monitor, { mode, minDelta }), settings);
}
