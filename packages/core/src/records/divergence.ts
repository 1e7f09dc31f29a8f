import { expectAnyNumber, expectObject } from '../guards/values.js';
import { expectOptions, type OptionNames } from '../options.js';

/** Rounding may leave a cross-entropy this far below 0. */
const ROUNDING = 1e-6;

export interface DivergenceOptions {
  /** Whether the losses are cross-entropies, which are never below 0. Default false. */
  readonly isCrossEntropy?: boolean;
}

const DIVERGENCE_OPTIONS: OptionNames<DivergenceOptions> = { isCrossEntropy: true };

/** Whether a loss is not finite, or a cross-entropy that is below 0 by more than rounding (1e-6). */
export function isDivergedLoss(loss: number, options: DivergenceOptions = {}): boolean {
  expectOptions('isDivergedLoss', options, DIVERGENCE_OPTIONS);
  expectAnyNumber('loss', loss);
  return isDiverged(loss, options);
}

/** `isDivergedLoss` without checks: in histories of earlier versions a loss may be null, which is not finite either. */
const isDiverged = (loss: number, { isCrossEntropy = false }: DivergenceOptions): boolean =>
  !Number.isFinite(loss) || (isCrossEntropy && loss < -ROUNDING);

/** The fields of an EpochRecord that say whether the epoch is diverged. */
export interface EpochLosses {
  /** The training loss, in nats. */
  readonly loss?: number;
  /** The validation loss, in nats; undefined for an epoch without validation. */
  readonly valLoss?: number;
  /** Why the epoch is diverged, where the record says it. */
  readonly diverged?: string;
}

/**
 * Why an epoch is diverged, such as "loss NaN" or "validation loss -0.4". Undefined if it is not. The field `diverged` has
 * precedence; without it, as in histories of earlier versions, the losses decide.
 */
export function divergenceOf(record: EpochLosses, options: DivergenceOptions = {}): string | undefined {
  expectOptions('divergenceOf', options, DIVERGENCE_OPTIONS);
  expectObject('record', record);
  const { loss, valLoss, diverged } = record;
  if (diverged !== undefined) return diverged;
  const losses = Object.entries({ loss, 'validation loss': valLoss });
  const reasons = losses.flatMap(([name, value]) =>
    value !== undefined && isDiverged(value, options) ? [`${name} ${value}`] : [],
  );
  return reasons.length ? reasons.join(', ') : undefined;
}
