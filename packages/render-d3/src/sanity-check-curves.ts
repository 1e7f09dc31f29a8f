import { expectOneOf, InputError, methodName, type SanityCheck } from '@convlens/core';
import { expectSome } from './checks.js';
import type { FigureOptions } from './figure.js';
import { countOf, formatValue } from './format.js';
import { drawRowFigure } from './row-chart.js';

const MEASURES = ['spearman', 'spearmanOfMagnitudes', 'ssim'] as const;
const NAMES = {
  spearman: 'Rank correlation',
  spearmanOfMagnitudes: 'Rank correlation of magnitudes',
  ssim: 'Structural similarity',
};

export interface SanityCheckCurvesOptions extends FigureOptions {
  /** How alike two maps are; spearman. */
  readonly measure?: (typeof MEASURES)[number];
}

/** The mean of those that are known. */
function meanOf(values: readonly number[]): number {
  const known = values.filter(Number.isFinite);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/**
 * What becomes of the maps of methods while the weights become random, from the last layer to the first (Adebayo et al.,
 * 2018): a method whose maps stay like those of the trained network shows the image, not what was learned.
 */
export function sanityCheckCurves(
  checks: readonly SanityCheck[],
  options: SanityCheckCurvesOptions = {},
): SVGSVGElement {
  const { measure = 'spearman' } = options;
  expectOneOf('measure', measure, MEASURES);
  expectSome(checks, 'sanity check');
  const layers = checks[0].steps.map(({ layer }) => layer);
  const other = checks.find(({ steps }) => steps.map(({ layer }) => layer).join() !== layers.join());
  if (other) throw new InputError(`Expected the same layers of every check, got others of ${other.method}`);
  const series = checks.map(({ method, steps }) => ({
    name: methodName(method),
    values: [1, ...steps.map(({ similarities }) => meanOf(similarities.map((one) => one[measure])))],
  }));
  return drawRowFigure(options, {
    title: 'Do the maps depend on what was learned?',
    subtitle:
      `${NAMES[measure]} with the maps of the trained network, mean of ${countOf(checks[0].heatmaps.length, 'image')}, ` +
      (checks[0].order === 'cascading'
        ? 'while the weights become random from the top down. '
        : 'with the weights of one layer made random. ') +
      'A sound method falls towards 0.',
    description: series
      .map(({ name, values }) => `${name}: ${formatValue(values.at(-1)!)} at the end.`)
      .join(' '),
    rows: ['trained network', ...layers],
    series,
    axis: NAMES[measure],
    domain: [0, 1],
  });
}
