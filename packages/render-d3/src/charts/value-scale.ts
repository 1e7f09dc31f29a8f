import { format, precisionRound } from 'd3-format';
import { scaleLinear, scaleLog } from 'd3-scale';
import { paddedTextWidth } from '../drawing/measure-text.js';

export const VALUE_SCALES = ['linear', 'log'] as const;

/** The scale of a value axis. A log scale has the values above 0 only. */
export type ValueScale = (typeof VALUE_SCALES)[number];

/** What charts use of a scale of D3. The types of D3 would have to be installed with the declarations. */
export interface NumericScale {
  (value: number): number;
  domain(): number[];
  range(): number[];
  ticks(count?: number): number[];
  tickFormat(count?: number, specifier?: string): (value: number) => string;
}

/** A tick of an axis and its text. */
export interface Tick {
  readonly value: number;
  readonly text: string;
}

const TICK_COUNT = 6;
/** The smallest distance of two ticks above each other, in pixels. */
const MIN_DISTANCE = 14;

/** A vertical scale. A domain that is not fixed is extended to whole ticks; that of a log scale is left as it is. */
export function createValueScale(
  scale: ValueScale,
  domain: readonly [number, number],
  { range, isFixed = false }: { range: readonly [number, number]; isFixed?: boolean },
): NumericScale {
  if (scale === 'log') return scaleLog(domain, range);
  const linear = scaleLinear(domain, range);
  return isFixed ? linear : linear.nice(TICK_COUNT);
}

/** Powers of ten; with few of them also 2 and 5 times these; within half a decade evenly spaced values. */
function logValues(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const step = Math.ceil((last - first) / 8);
  const exponents = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const within = (factors: readonly number[]) =>
    exponents
      .filter((exponent) => (exponent - first) % step === 0)
      // A number of its decimal text is exact, a product with a power of ten is not.
      .flatMap((exponent) => factors.map((factor) => Number(`${factor}e${exponent}`)))
      .filter((value) => value >= low && value <= high);
  const candidates = [within([1]), within([1, 2, 5])].find(({ length }) => length >= 3);
  return candidates ?? scaleLinear([low, high], [0, 1]).ticks(TICK_COUNT);
}

/** The texts of ticks: as d3 writes them, or with an exponent if they do not fit. */
function tickTexts(
  values: readonly number[],
  { plain, maxWidth }: { plain: (value: number) => string; maxWidth: number },
): string[] {
  const texts = values.map(plain);
  if (texts.every((text) => paddedTextWidth(text, { size: 10.5 }) <= maxWidth)) return texts;
  const step = Math.min(...values.slice(1).map((value, i) => value - values[i]));
  const digits = values.length > 1 ? precisionRound(step, Math.max(...values.map(Math.abs))) - 1 : 1;
  return values.map(format(`.${Math.max(0, digits)}~e`));
}

/**
 * The ticks of a vertical scale, which do not overlap.
 *
 * @param specifier a d3-format of the texts; `maxWidth`: the space for a text in pixels
 */
export function valueTicks(
  scale: NumericScale,
  { kind = 'linear', specifier, maxWidth }: { kind?: ValueScale; specifier?: string; maxWidth: number },
): Tick[] {
  const [low, high] = scale.domain();
  const values = kind === 'log' ? logValues(low, high) : scale.ticks(TICK_COUNT);
  const plain = kind === 'log' ? format(specifier ?? '~g') : scale.tickFormat(TICK_COUNT, specifier);
  const apart = values.filter((_, i) => i === 0 || isApart(scale, values, i));
  const texts = tickTexts(apart, { plain, maxWidth });
  return apart.map((value, i) => ({ value, text: texts[i] }));
}

/** Whether a tick is far enough above the one before. */
const isApart = (scale: NumericScale, values: readonly number[], i: number) =>
  Math.abs(scale(values[i]) - scale(values[i - 1])) >= MIN_DISTANCE;
