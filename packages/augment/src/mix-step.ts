import type { Options } from './option.js';

export interface MixStep {
  /** Both parameters of the Beta distribution of an image's share of its mixture, 0.01 to 100. */
  readonly alpha?: number;
  /** Whether each image draws a share (and box) of its own, or the batch one for all; default 'sample'. */
  readonly per?: 'sample' | 'batch';
  /** That a sample (or the batch) is mixed at all, 0 to 1; default 1. */
  readonly probability?: number;
}

export const MIX_OPTIONS = {
  alpha: { type: 'number', min: 0.01, max: 100, optional: true },
  per: { type: 'choice', choices: ['sample', 'batch'], optional: true },
  probability: { type: 'number', min: 0, max: 1, optional: true },
} as const satisfies Options;
