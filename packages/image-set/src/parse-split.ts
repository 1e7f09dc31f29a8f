import { InputError } from '@convlens/core';
import { SPLIT_FROM, type SplitFrom, type SplitOptions } from './split.js';

/**
 * What `split` takes, from text such as "first:0.1" (a tenth) or "shuffled:5000" (that many): a whole number above 1
 * is a count, a number below 1 a fraction.
 *
 * @throws InputError that shows what was expected and what it got.
 */
export function parseSplit(text: string): SplitOptions {
  const [from, amount, ...more] = text.split(':');
  const fail = (what: string) =>
    new InputError(
      `Expected a split such as "first:0.1" (a tenth) or "shuffled:5000" (so many images), got ${JSON.stringify(text)}: ${what}`,
    );
  if (!SPLIT_FROM.includes(from as SplitFrom))
    throw fail(`${JSON.stringify(from)} is none of ${SPLIT_FROM.join(', ')}`);
  if (amount === undefined || more.length > 0) throw fail('there must be one ":", before the number');
  // Number('') and Number('0x10') are numbers too: only plain decimals are meant.
  if (!/^(\d+\.?\d*|\.\d+)$/.test(amount)) throw fail(`${JSON.stringify(amount)} is not a number`);
  const value = Number(amount);
  if (value > 1 && Number.isInteger(value)) return { from: from as SplitFrom, count: value };
  if (value > 0 && value < 1) return { from: from as SplitFrom, fraction: value };
  throw fail(`${amount} is neither a fraction above 0 and below 1 nor a whole number above 1`);
}
