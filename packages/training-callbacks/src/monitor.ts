import { expectNumber, expectOneOf, expectOptions, InputError, type OptionNames } from '@convlens/core';
import { readMetric, type Logs } from './base/logs.js';

export const MONITOR_MODES = ['auto', 'min', 'max'] as const;
export type MonitorMode = (typeof MONITOR_MODES)[number];

export interface MonitorOptions {
  /**
   * The direction of an improvement; 'auto' knows loss (min) and accuracy (max), with or without `val_`.
   * Default 'auto'.
   */
  readonly mode?: MonitorMode;
  /** A change up to this size is not an improvement; the sign is ignored. Default 0. */
  readonly minDelta?: number;
}

export const MONITOR_OPTIONS: OptionNames<MonitorOptions> = { mode: true, minDelta: true };

/** A logged metric and the rule for its improvement. */
export interface Monitor {
  readonly name: string;
  readonly direction: 'min' | 'max';
  /**
   * The value of the metric in the logs; rejects with an InputError that lists the logged metrics if it is
   * missing.
   */
  read(logs: Logs): Promise<number>;
  /** Whether `value` is better than `best`. Any number is better than undefined; NaN is never better. */
  isImprovement(value: number, best: number | undefined): boolean;
}

const AUTO_DIRECTIONS: Readonly<Record<string, 'min' | 'max'>> = { loss: 'min', accuracy: 'max', acc: 'max' };

function autoDirection(name: string): 'min' | 'max' {
  const direction = AUTO_DIRECTIONS[name.replace(/^val_/, '')];
  if (direction) return direction;
  throw new InputError(
    `Expected monitor to be loss, accuracy or acc, also with val_, got ${JSON.stringify(name)}: with another metric, set mode to min or max`,
  );
}

/**
 * The monitor of a metric, as Keras's MonitorCallback (the base of EarlyStopping and ReduceLROnPlateau), with
 * one difference: in Keras a NaN in the first epoch becomes the best value, and nothing is ever an
 * improvement of it.
 *
 * @param name the metric as it is logged, such as 'val_loss'
 * @throws InputError if an option is not valid, or if mode is 'auto' and the metric is unknown.
 */
export function createMonitor(name: string, options: MonitorOptions = {}): Monitor {
  expectOptions('createMonitor', options, MONITOR_OPTIONS);
  const { mode = 'auto', minDelta = 0 } = options;
  if (typeof name !== 'string')
    throw new InputError(`Expected monitor to be the name of a metric, got ${name}`);
  expectOneOf('mode', mode, MONITOR_MODES);
  const delta = Math.abs(expectNumber('minDelta', minDelta));
  const direction = mode === 'auto' ? autoDirection(name) : mode;
  return {
    name,
    direction,
    async read(logs) {
      const value = await readMetric(logs, name);
      if (value !== undefined) return value;
      const logged = Object.keys(logs).join(', ') || 'nothing';
      throw new InputError(`Expected monitor to be a logged metric (${logged}), got ${JSON.stringify(name)}`);
    },
    isImprovement(value, best) {
      if (Number.isNaN(value)) return false;
      if (best === undefined) return true;
      // As in Keras: subtraction in float64, comparison in float32, so that ties of decimal numbers are the
      // same.
      return direction === 'min'
        ? Math.fround(value + delta) < Math.fround(best)
        : Math.fround(value - delta) > Math.fround(best);
    },
  };
}
