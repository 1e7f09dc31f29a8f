import { formatPercent } from '@convlens/core';
import { format } from 'd3-format';

const integer = format(',d');
const threeDigits = format('.3r');
const exponent = format('.2e');

/** `write`, with a dash for NaN. */
export const dashIfNaN = (write: (value: number) => string) => (value: number) =>
  Number.isNaN(value) ? '–' : write(value);

/**
 * Three significant digits, trailing zeros included; integers in full: 0.0123, 1.50, 12.3, 1,200, 1.23e+6.
 */
export const formatValue = dashIfNaN((value) => {
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return value > 0 ? '∞' : '−∞';
  if (Number.isInteger(value) && magnitude < 1e7) return integer(value);
  return magnitude < 1e-3 || magnitude >= 1e5 ? exponent(value) : threeDigits(value);
});

const twoDigits = format('.2~g');
const briefExponent = format('.1~e');

/** For narrow captions: like `formatValue`, but with two significant digits below 0.1: 0.012, 1.2e-5. */
export function formatBrief(value: number): string {
  const magnitude = Math.abs(value);
  if (!(magnitude > 0 && magnitude < 0.1)) return formatValue(value);
  return magnitude < 1e-3 ? briefExponent(value) : twoDigits(value);
}

/** A fraction as percent without decimals: "85%". */
export const formatWholePercent = (fraction: number): string => formatPercent(fraction, 0);
