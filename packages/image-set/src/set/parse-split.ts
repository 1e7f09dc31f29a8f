import { expectString, InputError } from '@convlens/core';
import { SPLIT_STRATEGIES, type SplitOptions, type SplitStrategy } from './split.js';

/** A plain decimal number. Number('') and Number('0x10') are numbers too, but no amounts. */
const DECIMAL = /^(\d+\.?\d*|\.\d+)$/;

/**
 * Options of `split` as text: "first:0.1" holds out a tenth, "shuffled:5000" 5,000 images. An integer above 1 is a count, a
 * number between 0 and 1 a fraction.
 *
 * @throws InputError with the text and what is wrong with it.
 */
export function parseSplit(text: string): SplitOptions {
  expectString('text', text);
  const [strategy, amount, ...more] = text.split(':');
  const error = (reason: string) =>
    new InputError(
      'Expected a split such as "first:0.1" (a tenth) or "shuffled:5000" (5,000 images), ' +
        `got ${JSON.stringify(text)}: ${reason}`,
    );
  if (!isStrategy(strategy))
    throw error(`${JSON.stringify(strategy)} is none of ${SPLIT_STRATEGIES.join(', ')}`);
  if (amount === undefined || more.length > 0) throw error('there must be one ":", before the number');
  if (!DECIMAL.test(amount)) throw error(`${JSON.stringify(amount)} is not a number`);
  const value = Number(amount);
  if (value > 1 && Number.isInteger(value)) return { strategy, count: value };
  if (value > 0 && value < 1) return { strategy, fraction: value };
  throw error(`${amount} is neither a fraction between 0 and 1 nor an integer above 1`);
}

const isStrategy = (text: string): text is SplitStrategy => SPLIT_STRATEGIES.includes(text as SplitStrategy);
