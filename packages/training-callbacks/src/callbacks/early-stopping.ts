import {
  expectInteger,
  expectNumber,
  expectOptions,
  InputError,
  type CallbackState,
  type MetricCallback,
  type OptionNames,
  type ResumableCallback,
} from '@convlens/core';
import { parseJson } from '@convlens/storage';
import { isDivergedEpoch } from '../base/diverged-epoch.js';
import type { Logs } from '../base/logs.js';
import { ModelCallback } from '../base/model-callback.js';
import { readBest } from '../base/read-best.js';
import { copyWeights, matchWeights, restoreWeights, type SavedWeights } from '../base/weights.js';
import { createMonitor, MONITOR_OPTIONS, type Monitor, type MonitorOptions } from '../monitor.js';

export interface EarlyStoppingOptions extends MonitorOptions {
  /** The monitored metric, as it is logged; default 'val_loss'. */
  readonly monitor?: string;
  /** The number of epochs without improvement before training stops, >= 0; default 0. */
  readonly patience?: number;
  /** Epochs count as epochs without improvement until the metric is better than this value; default none. */
  readonly baseline?: number;
  /** Whether the weights of the best epoch are restored at the end of training; default false. */
  readonly restoreBestWeights?: boolean;
  /** The first epoch that is monitored, 0-based; default 0. */
  readonly startFromEpoch?: number;
}

const EARLY_STOPPING_OPTIONS: OptionNames<EarlyStoppingOptions> = {
  ...MONITOR_OPTIONS,
  monitor: true,
  patience: true,
  baseline: true,
  restoreBestWeights: true,
  startFromEpoch: true,
};

const WEIGHT_NAMES = 'state.weightNames';

export type EarlyStoppingSettings = Required<
  Pick<EarlyStoppingOptions, 'patience' | 'restoreBestWeights' | 'startFromEpoch'>
> &
  Pick<EarlyStoppingOptions, 'baseline'>;

class EarlyStopping extends ModelCallback implements ResumableCallback, MetricCallback {
  readonly stateName: string;
  readonly monitors: readonly string[];
  readonly #monitor: Monitor;
  readonly #settings: EarlyStoppingSettings;
  #best: number | undefined;
  #bestWeights: SavedWeights | undefined;
  #bestEpoch = 0;
  #stoppedEpoch = 0;
  #wait = 0;

  constructor(monitor: Monitor, settings: EarlyStoppingSettings) {
    super();
    this.stateName = `earlyStopping-${monitor.name}`;
    this.monitors = [monitor.name];
    this.#monitor = monitor;
    this.#settings = settings;
  }

  /** The epoch of the best value so far, 0-based; 0 if there is none. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  /** The epoch at whose end training was stopped, 0-based; 0 if it was not stopped. */
  get stoppedEpoch(): number {
    return this.#stoppedEpoch;
  }

  protected reset(): void {
    this.#best = this.#bestWeights = undefined;
    this.#bestEpoch = this.#stoppedEpoch = this.#wait = 0;
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    const { patience, baseline, restoreBestWeights, startFromEpoch } = this.#settings;
    const value = await this.readMonitor(this.#monitor, logs);
    if (value === undefined || epoch < startFromEpoch) return;
    const diverged = await isDivergedEpoch(this.model, logs);
    const improved = !diverged && this.#monitor.isImprovement(value, this.#best);
    if (restoreBestWeights && (improved || (!diverged && !this.#bestWeights))) {
      this.#bestWeights = await copyWeights(this.model);
      this.#bestEpoch = epoch;
    }
    this.#wait++;
    if (improved) {
      this.#best = value;
      this.#bestEpoch = epoch;
      if (baseline === undefined || this.#monitor.isImprovement(value, baseline)) this.#wait = 0;
    } else if (this.#wait >= patience && epoch > 0) {
      this.#stoppedEpoch = epoch;
      this.model.stopTraining = true;
    }
  }

  override async onTrainEnd(): Promise<void> {
    if (this.#bestWeights) restoreWeights(this.#bestWeights, this.model);
  }

  getState(): CallbackState {
    const { names, values = [] } = this.#bestWeights ?? {};
    const weights = values.map((value, i) => [`weight${i}`, value] as const);
    return {
      best: this.#best ?? null,
      bestEpoch: this.#bestEpoch,
      stoppedEpoch: this.#stoppedEpoch,
      wait: this.#wait,
      ...(names && { weightNames: JSON.stringify(names) }),
      ...Object.fromEntries(weights),
    };
  }

  setState(state: CallbackState): void {
    const best = readBest(state);
    const bestEpoch = expectInteger('state.bestEpoch', state.bestEpoch);
    const stoppedEpoch = expectInteger('state.stoppedEpoch', state.stoppedEpoch);
    const wait = expectInteger('state.wait', state.wait);
    const weights = readBestWeights(state);
    if (weights) matchWeights(weights, this.model);

    // With more patience than before, a training that was stopped continues.
    const stopped = stoppedEpoch > 0 && wait >= this.#settings.patience;
    if (stopped) this.model.stopTraining = true;
    this.#best = best;
    this.#bestEpoch = bestEpoch;
    this.#stoppedEpoch = stopped ? stoppedEpoch : 0;
    this.#wait = wait;
    this.#bestWeights = this.#settings.restoreBestWeights ? weights : undefined;
  }
}

/** The best weights of a saved state; undefined if it has none. */
function readBestWeights(state: CallbackState): SavedWeights | undefined {
  const values: Float32Array[] = [];
  for (let i = 0; state[`weight${i}`] instanceof Float32Array; i++)
    values.push(state[`weight${i}`] as Float32Array);
  if (values.length === 0) return undefined;
  const { weightNames } = state;
  if (typeof weightNames !== 'string') return { values };
  const names = parseJson(new TextEncoder().encode(weightNames), WEIGHT_NAMES);
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw new InputError(`Expected ${WEIGHT_NAMES} to be a list of names as JSON`);
  return { values, names };
}

export type { EarlyStopping };

/**
 * A callback that stops training when a metric no longer improves, and can restore the best weights: Keras's
 * EarlyStopping, epoch by epoch (except that a diverged epoch is never the best, see `isDivergedEpoch`). The best
 * weights are typed arrays, not tensors.
 *
 * The state is reset when training begins; call `setState` after that to continue another training. The state
 * holds the best weights as `weight0`, `weight1` ... and their names as `weightNames`: they are restored by name,
 * so that layers may be frozen and unfrozen in training. If this callback had stopped that training, with no less patience, `setState` stops this one as well.
 *
 * @throws InputError if an option is not valid; at the end of an epoch whose logs do not have the metric.
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  expectOptions('earlyStopping', options, EARLY_STOPPING_OPTIONS);
  const { monitor = 'val_loss', mode = 'auto', minDelta = 0, patience = 0, baseline } = options;
  const { restoreBestWeights = false, startFromEpoch = 0 } = options;
  expectInteger('patience', patience);
  expectInteger('startFromEpoch', startFromEpoch);
  if (baseline !== undefined) expectNumber('baseline', baseline);
  const settings = { patience, baseline, restoreBestWeights, startFromEpoch };
  return new EarlyStopping(createMonitor(monitor, { mode, minDelta }), settings);
}
