import {
  expectInteger,
  expectNumber,
  type CallbackState,
  type MetricCallback,
  type ResumableCallback,
} from '@convlens/core';
import type { Logs } from './logs.js';
import { ModelCallback } from './model-callback.js';
import { parseMonitor, type Monitor, type MonitorOptions } from './monitor.js';
import { readBest } from './state.js';
import { copyWeights, expectWeights, restoreWeights } from './weights.js';

export interface EarlyStoppingOptions extends MonitorOptions {
  /** The metric that should improve, as it is logged; default 'val_loss'. */
  readonly monitor?: string;
  /** Epochs without improvement until training stops, 0 or above; default 0. */
  readonly patience?: number;
  /** Epochs count as waited until the metric is better than this; default none. */
  readonly baseline?: number;
  /** Whether the model ends with the weights of its best epoch, however training ended; default false. */
  readonly restoreBestWeights?: boolean;
  /** The first epoch, 0-based, that is looked at; default 0. */
  readonly startFromEpoch?: number;
}

type Settings = Required<Pick<EarlyStoppingOptions, 'patience' | 'restoreBestWeights' | 'startFromEpoch'>> &
  Pick<EarlyStoppingOptions, 'baseline'>;

class EarlyStopping extends ModelCallback implements ResumableCallback, MetricCallback {
  readonly stateName: string;
  readonly monitors: readonly string[];
  readonly #monitor: Monitor;
  readonly #settings: Settings;
  #best: number | undefined;
  #bestWeights: readonly Float32Array[] | undefined;
  #bestEpoch = 0;
  #stoppedEpoch = 0;
  #wait = 0;

  constructor(monitor: Monitor, settings: Settings) {
    super();
    this.stateName = `earlyStopping-${monitor.name}`;
    this.monitors = [monitor.name];
    this.#monitor = monitor;
    this.#settings = settings;
  }

  /** The epoch of the best value so far, 0-based; 0 while there is none. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  /** The epoch at whose end training was stopped, 0-based; 0 if it was not. */
  get stoppedEpoch(): number {
    return this.#stoppedEpoch;
  }

  protected reset(): void {
    this.#best = this.#bestWeights = undefined;
    this.#bestEpoch = this.#stoppedEpoch = this.#wait = 0;
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    const { patience, baseline, restoreBestWeights, startFromEpoch } = this.#settings;
    const value = await this.readMonitored(this.#monitor, logs);
    if (value === undefined || epoch < startFromEpoch) return;
    const improved = this.#monitor.improves(value, this.#best);
    if (restoreBestWeights && (improved || !this.#bestWeights)) {
      this.#bestWeights = await copyWeights(this.model);
      this.#bestEpoch = epoch;
    }
    this.#wait++;
    if (improved) {
      this.#best = value;
      this.#bestEpoch = epoch;
      if (baseline === undefined || this.#monitor.improves(value, baseline)) this.#wait = 0;
    } else if (this.#wait >= patience && epoch > 0) {
      this.#stoppedEpoch = epoch;
      this.model.stopTraining = true;
    }
  }

  override async onTrainEnd(): Promise<void> {
    if (this.#bestWeights) restoreWeights(this.#bestWeights, this.model);
  }

  getState(): CallbackState {
    const weights = (this.#bestWeights ?? []).map((values, i) => [`weight${i}`, values] as const);
    return {
      best: this.#best ?? null,
      bestEpoch: this.#bestEpoch,
      stoppedEpoch: this.#stoppedEpoch,
      wait: this.#wait,
      ...Object.fromEntries(weights),
    };
  }

  setState(state: CallbackState): void {
    const best = readBest(state);
    const bestEpoch = expectInteger('state.bestEpoch', state.bestEpoch);
    const stoppedEpoch = expectInteger('state.stoppedEpoch', state.stoppedEpoch);
    const wait = expectInteger('state.wait', state.wait);
    const weights: Float32Array[] = [];
    for (let i = 0; state[`weight${i}`] instanceof Float32Array; i++)
      weights.push(state[`weight${i}`] as Float32Array);
    if (weights.length) expectWeights(weights, this.model);

    // With more patience than it had, a training that was stopped goes on.
    const stopped = stoppedEpoch > 0 && wait >= this.#settings.patience;
    if (stopped) this.model.stopTraining = true;
    this.#best = best;
    this.#bestEpoch = bestEpoch;
    this.#stoppedEpoch = stopped ? stoppedEpoch : 0;
    this.#wait = wait;
    this.#bestWeights = this.#settings.restoreBestWeights && weights.length ? weights : undefined;
  }
}

export type { EarlyStopping };

/**
 * A callback that stops training when a metric has stopped to improve, and can bring the best weights back: Keras's
 * EarlyStopping, epoch by epoch (its `best` is never NaN, see `parseMonitor`). The best weights are held outside
 * TensorFlow.js, so none of its tensors stay behind.
 *
 * Its state is reset when training begins; call `setState` after that to go on where another training was left. The
 * state holds the best weights, as `weight0`, `weight1` ... in the order of getWeights. If that training had been
 * stopped by this callback, with no less patience, `setState` stops this one as well.
 *
 * Throws an InputError for an option out of range, and at the end of an epoch whose logs lack the metric.
 */
export function earlyStopping({
  monitor = 'val_loss',
  minDelta = 0,
  patience = 0,
  mode = 'auto',
  baseline,
  restoreBestWeights = false,
  startFromEpoch = 0,
}: EarlyStoppingOptions = {}): EarlyStopping {
  expectInteger('patience', patience);
  expectInteger('startFromEpoch', startFromEpoch);
  if (baseline !== undefined) expectNumber('baseline', baseline);
  const settings = { patience, baseline, restoreBestWeights, startFromEpoch };
  return new EarlyStopping(parseMonitor(monitor, { mode, minDelta }), settings);
}
