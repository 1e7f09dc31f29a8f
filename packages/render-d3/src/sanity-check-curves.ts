import { expectOneOf, InputError, type SanityCheck } from '@convlens/core';
import { openFigure, roomIn, type FigureOptions } from './figure.js';
import { formatValue } from './format.js';
import { drawRows } from './row-chart.js';

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
  if (!checks.length) throw new InputError('Expected at least one sanity check, got none');
  const layers = checks[0].steps.map(({ layer }) => layer);
  const other = checks.find(({ steps }) => steps.map(({ layer }) => layer).join() !== layers.join());
  if (other) throw new InputError(`Expected the same layers of every check, got others of ${other.method}`);
  const series = checks.map(({ method, steps }) => ({
    name: method,
    values: [1, ...steps.map(({ similarities }) => meanOf(similarities.map((one) => one[measure])))],
  }));
  const images = checks[0].heatmaps.length;
  const width = Math.min(620, roomIn(options));
  const { body, palette, close } = openFigure(options, {
    title: 'Do the maps depend on what was learned?',
    subtitle:
      `${NAMES[measure]} with the maps of the trained network, mean of ${images} image${images === 1 ? '' : 's'}, ` +
      (checks[0].order === 'cascading'
        ? 'while the weights become random from the top down. '
        : 'with the weights of one layer made random. ') +
      'A sound method falls towards 0.',
    description: series
      .map(({ name, values }) => `${name}: ${formatValue(values.at(-1)!)} at the end.`)
      .join(' '),
    width,
  });
  const rows = ['trained network', ...layers];
  return close(drawRows(body, { palette, width, rows, series, axis: NAMES[measure], domain: [0, 1] }));
}
