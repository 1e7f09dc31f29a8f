import type { RunSettings } from '../run/run-settings.js';

/** The settings of a run under a name. */
export interface Recipe {
  /** The name that a user types, such as "shapes". */
  readonly id: string;
  /** What it trains and the accuracy that its authors report, in a line. */
  readonly title: string;
  readonly settings: RunSettings;
}
