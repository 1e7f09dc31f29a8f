import { format } from 'd3-format';

const digits = format('.3r');
const exponent = format('.2e');
/** A count: 1,200. */
export const formatCount = format(',d');

/** Where there is no number a dash stands. */
export const known = (write: (value: number) => string) => (value: number) =>
  Number.isNaN(value) ? '–' : write(value);

/** Three significant digits, which tell 1.50 from 1.5 measured; integers as they are: 0.0123, 12.3, 1,200, 1.23e+6. */
export const formatValue = known((value) => {
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return value > 0 ? '∞' : '−∞';
  if (Number.isInteger(value) && magnitude < 1e7) return formatCount(value);
  return magnitude < 1e-3 || magnitude >= 1e5 ? exponent(value) : digits(value);
});

const brief = format('.2~g');
const briefExponent = format('.1~e');

/** The same for narrow places: two significant digits below 0.1: 0.012, 1.2e-5. */
export const formatBrief = (value: number): string => {
  const magnitude = Math.abs(value);
  return magnitude > 0 && magnitude < 0.1
    ? (magnitude < 1e-3 ? briefExponent : brief)(value)
    : formatValue(value);
};

/** An accuracy as reports give it: 84.98%. */
export const formatAccuracy = known(format('.2%'));

/** A share as per cent with a decimal. */
export const formatShare = known(format('.1%'));

/** A share as whole per cent. */
export const formatPercent = known(format('.0%'));

/** "1 map", "2 maps". */
export const countOf = (count: number, noun: string): string =>
  `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
