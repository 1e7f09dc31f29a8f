import { expectAnyNumber, expectOneOf, InputError, type EpochRecord, type OptionNames } from '@convlens/core';
import { VALUE_SCALES, type ValueScale } from '../../charts/value-scale.js';
import type { CurveMetric } from './curve-panel.js';

/** The options of the axes of training curves. */
export interface CurveAxisOptions {
  /** The scale of the loss: 'linear' (default) or 'log'. A log scale has no losses of 0 or less: a note names them. */
  readonly scale?: ValueScale;
  /** The smallest and the largest loss on the axis; default: all losses. Lines are cut where they leave it. */
  readonly domain?: readonly [low: number, high: number];
  /** The smallest and the largest accuracy on the axis, 0 to 1; default: all accuracies. */
  readonly accuracyDomain?: readonly [low: number, high: number];
}

export const CURVE_AXIS_OPTIONS: OptionNames<CurveAxisOptions> = {
  scale: true,
  domain: true,
  accuracyDomain: true,
};

function expectDomain(
  name: string,
  domain: readonly [number, number] | undefined,
  low: number,
  high: number,
) {
  if (domain === undefined) return;
  if (!Array.isArray(domain) || domain.length !== 2)
    throw new InputError(`Expected ${name} to be a list of two numbers, such as [0, 1]`);
  domain.forEach((value, i) => expectAnyNumber(`${name}[${i}]`, value));
  if (!(
    domain[0] >= low &&
    domain[0] < domain[1] &&
    domain[1] <= high &&
    Number.isFinite(domain[1] - domain[0])
  ))
    throw new InputError(
      `Expected ${name} to rise${low > -Infinity ? `, from ${low} or more` : ''}${high < Infinity ? ` to ${high} or less` : ''}, got [${domain.join(', ')}]`,
    );
}

/** Throws an InputError if an option is wrong, such as a domain that begins at 0 on a log scale. */
export function expectCurveAxes({ scale = 'linear', domain, accuracyDomain }: CurveAxisOptions): void {
  expectOneOf('scale', scale, VALUE_SCALES);
  expectDomain('domain', domain, -Infinity, Infinity);
  expectDomain('accuracyDomain', accuracyDomain, 0, 1);
  if (scale === 'log' && domain && domain[0] <= 0)
    throw new InputError(`Expected domain to begin above 0 on a log scale, got [${domain.join(', ')}]`);
}

/** The axis of a metric. */
export const axisOf = (
  { scale, domain, accuracyDomain }: CurveAxisOptions,
  { train }: CurveMetric,
): { scale?: ValueScale; domain?: readonly [number, number] } =>
  train === 'loss' ? { scale, domain } : { domain: accuracyDomain };

/** What a log scale and a domain leave out, in a sentence; empty if there is nothing to say. */
export function describeLossAxis(
  histories: readonly (readonly EpochRecord[])[],
  { scale, domain }: CurveAxisOptions,
): string {
  const notAbove = histories
    .flat()
    .filter(({ loss, valLoss }) => [loss, valLoss].some((value) => value! <= 0));
  const epochs = [...new Set(notAbove.map(({ epoch }) => epoch + 1))].sort((a, b) => a - b);
  const named = epochs.slice(0, 5).join(', ') + (epochs.length > 5 ? ` and ${epochs.length - 5} more` : '');
  return [
    scale === 'log' && 'The loss is on a log scale.',
    scale === 'log' &&
      epochs.length > 0 &&
      `It cannot show a loss of 0 or less: epoch${epochs.length === 1 ? '' : 's'} ${named}.`,
    domain && 'Losses beyond the axis are cut.',
  ]
    .filter(Boolean)
    .join(' ');
}
