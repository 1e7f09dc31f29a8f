import type { Random } from '@convlens/core';
import type { OptionSchema } from './option-schema.js';

/**
 * The interval that a factor is sampled from, uniformly: 1 - fraction to 1 + fraction, or `low` to `high`.
 */
export interface FactorRange {
  readonly fraction?: number;
  readonly low?: number;
  readonly high?: number;
}

export const factorRangeSchema = ({
  fraction,
  low = 0,
  high,
}: Record<'fraction' | 'high', number> & { low?: number }) =>
  ({
    fraction: { type: 'number', min: 0, max: fraction, optional: true },
    low: { type: 'number', min: low, max: high, optional: true },
    high: { type: 'number', min: low, max: high, optional: true },
  }) as const satisfies OptionSchema;

export function checkFactorRange({ fraction, low, high }: FactorRange): string | undefined {
  if (fraction !== undefined && low === undefined && high === undefined) return undefined;
  if (fraction === undefined && low !== undefined && high !== undefined && low <= high) return undefined;
  return 'either fraction or both low and high, with low <= high';
}

export const sampleFactor = ({ fraction, low = 1, high = 1 }: FactorRange, random: Random) =>
  fraction === undefined ? low + (high - low) * random() : 1 + fraction * (2 * random() - 1);
