import { expectNumber, expectOneOf, InputError } from '@convlens/core';
import { readLog, type Logs } from './logs.js';

export interface MonitorOptions {
  /** Which direction is better; 'auto' (default) knows loss (min) and accuracy (max), with or without `val_`. */
  readonly mode?: 'auto' | 'min' | 'max';
  /** A change that is not larger is no improvement; default 0; the sign does not matter. */
  readonly minDelta?: number;
}

/** A logged metric and what counts as an improvement of it. */
export interface Monitor {
  readonly name: string;
  readonly direction: 'min' | 'max';
  /** The metric in these logs; throws an InputError that lists the logged ones if it is not among them. */
  read(logs: Logs): Promise<number>;
  /** Whether `value` is better than `best`. Any number is better than none; NaN never is. */
  improves(value: number, best: number | undefined): boolean;
}

const DIRECTIONS: Readonly<Record<string, 'min' | 'max'>> = { loss: 'min', accuracy: 'max', acc: 'max' };

function directionOf(name: string): 'min' | 'max' {
  const direction = DIRECTIONS[name.replace(/^val_/, '')];
  if (direction) return direction;
  throw new InputError(
    `Expected mode to be one of min, max with monitor ${JSON.stringify(name)}, got "auto"`,
  );
}

/**
 * How the metric `name` is watched: what Keras's MonitorCallback does, on which its EarlyStopping and ReduceLROnPlateau
 * stand, but for one thing. In Keras a NaN in the first epoch becomes the best value, and nothing is ever better.
 */
export function parseMonitor(name: string, { mode = 'auto', minDelta = 0 }: MonitorOptions = {}): Monitor {
  if (typeof name !== 'string')
    throw new InputError(`Expected monitor to be the name of a metric, got ${name}`);
  expectOneOf('mode', mode, ['auto', 'min', 'max']);
  const delta = Math.abs(expectNumber('minDelta', minDelta));
  const direction = mode === 'auto' ? directionOf(name) : mode;
  return {
    name,
    direction,
    async read(logs) {
      const value = await readLog(logs, name);
      if (value !== undefined) return value;
      const logged = Object.keys(logs).join(', ') || 'nothing';
      throw new InputError(`Expected monitor to be a logged metric (${logged}), got ${JSON.stringify(name)}`);
    },
    improves(value, best) {
      if (Number.isNaN(value)) return false;
      if (best === undefined) return true;
      // Keras subtracts in 64 bits and compares in 32: ties of printed decimals come out as they do there.
      return direction === 'min'
        ? Math.fround(value + delta) < Math.fround(best)
        : Math.fround(value - delta) > Math.fround(best);
    },
  };
}
