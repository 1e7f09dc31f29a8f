import type { OptionSchema } from '../option-schema.js';

export interface MixOptions {
  /** Both parameters of the Beta distribution that lambda is sampled from, 0.01 to 100. */
  readonly alpha?: number;
  /**
   * Whether each image samples its own lambda and box, or the batch samples one for all; default 'sample'.
   */
  readonly per?: 'sample' | 'batch';
  /** The probability that an image (or the batch) is mixed, 0 to 1; default 1. */
  readonly probability?: number;
}

export const MIX_SCHEMA = {
  alpha: { type: 'number', min: 0.01, max: 100, optional: true },
  per: { type: 'choice', choices: ['sample', 'batch'], optional: true },
  probability: { type: 'number', min: 0, max: 1, optional: true },
} as const satisfies OptionSchema;
