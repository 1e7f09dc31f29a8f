import {
  expectOneOf,
  expectOptions,
  formatCount,
  InputError,
  type OptionNames,
  type SanityCheck,
} from '@convlens/core';
import { renderDotPlotFigure } from '../../charts/dot-plot.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatValue } from '../../drawing/format.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { methodName } from '../../drawing/heatmap.js';
import { meanOf } from '../../drawing/numbers.js';

/** The similarities of a HeatmapSimilarity record. */
export const SIMILARITY_MEASURES = ['spearman', 'spearmanOfMagnitudes', 'ssim'] as const;
export type SimilarityMeasure = (typeof SIMILARITY_MEASURES)[number];

const MEASURE_NAMES: Readonly<Record<SimilarityMeasure, string>> = {
  spearman: 'Rank correlation',
  spearmanOfMagnitudes: 'Rank correlation of magnitudes',
  ssim: 'Structural similarity',
};

const ORDER_TEXT: Readonly<Record<SanityCheck['order'], string>> = {
  cascading: 'Cascading randomization from the last layer',
  independent: 'One layer randomized at a time',
};

export interface SanityCheckCurvesOptions extends FigureOptions {
  /** The similarity of two heatmaps; default 'spearman'. */
  readonly measure?: SimilarityMeasure;
}

const SANITY_CHECK_CURVES_OPTIONS: OptionNames<SanityCheckCurvesOptions> = {
  ...FIGURE_OPTIONS,
  measure: true,
};

/** The mean of the finite values; NaN if there is none. */
const finiteMean = (values: readonly number[]) => meanOf(values.filter(Number.isFinite));

/**
 * Sanity checks (Adebayo et al., 2018): the similarity of heatmaps with those of the trained model while
 * weights are randomized, as a mean over the images, one series per method. The heatmaps of a sound method
 * depend on the weights.
 */
export function sanityCheckCurves(
  checks: readonly SanityCheck[],
  options: SanityCheckCurvesOptions = {},
): SVGSVGElement {
  expectOptions('sanityCheckCurves', options, SANITY_CHECK_CURVES_OPTIONS);
  expectNonEmpty(checks, 'sanity check', 'SanityCheck');
  const { measure = 'spearman' } = options;
  expectOneOf('measure', measure, SIMILARITY_MEASURES);
  const [{ steps, order, heatmaps }] = checks;
  const layers = steps.map(({ layer }) => layer);
  const other = checks.find((check) => check.steps.map(({ layer }) => layer).join() !== layers.join());
  if (other) throw new InputError(`Expected the same layers in every check, got others for ${other.method}`);
  const series = checks.map((check) => {
    const means = check.steps.map(({ similarities }) =>
      finiteMean(similarities.map((similarity) => similarity[measure])),
    );
    // A heatmap is identical to itself.
    return { name: methodName(check), values: [1, ...means] };
  });
  const imageCount = formatCount(heatmaps.length, 'image');
  return renderDotPlotFigure(options, {
    title: 'Sanity check: weight randomization',
    subtitle:
      `${MEASURE_NAMES[measure]} with the heatmaps of the trained model, mean of ${imageCount}. ` +
      `${ORDER_TEXT[order]}. A method that passes falls towards 0.`,
    description: series
      .map(({ name, values }) => `${name}: ${formatValue(values.at(-1)!)} at the end.`)
      .join(' '),
    rows: ['trained model', ...layers],
    series,
    axisLabel: MEASURE_NAMES[measure],
    domain: [0, 1],
  });
}
