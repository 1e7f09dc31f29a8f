import type { RunSettings } from '../settings.js';

/** A run that someone has made before, or that a run can start from. */
export interface Recipe {
  /** What it is and what it reached, in a line. */
  readonly about: string;
  readonly settings: RunSettings;
}
