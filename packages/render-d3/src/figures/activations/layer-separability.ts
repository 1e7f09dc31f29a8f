import {
  expectOptions,
  formatPercent,
  type ClassSeparability,
  type NearestClassMean,
  type OptionNames,
} from '@convlens/core';
import { renderDotPlotFigure } from '../../charts/dot-plot.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatWholePercent } from '../../drawing/format.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { argMax } from '../../drawing/numbers.js';

export interface LayerSeparabilityOptions extends FigureOptions {
  /** The nearest-class-mean classifiers of the same layers, as a second series; default: none. */
  readonly nearestClassMean?: readonly NearestClassMean[];
}

const LAYER_SEPARABILITY_OPTIONS: OptionNames<LayerSeparabilityOptions> = {
  ...FIGURE_OPTIONS,
  nearestClassMean: true,
};

/** The class separability of layers, in the order of the records. */
export function layerSeparability(
  layers: readonly ClassSeparability[],
  options: LayerSeparabilityOptions = {},
): SVGSVGElement {
  expectOptions('layerSeparability', options, LAYER_SEPARABILITY_OPTIONS);
  expectNonEmpty(layers, 'layer', 'ClassSeparability');
  const { nearestClassMean = [] } = options;
  const fractions = layers.map(({ betweenFraction }) => betweenFraction);
  const highest = layers[argMax(fractions)];
  const accuracyOf = ({ layer }: ClassSeparability) =>
    nearestClassMean.find((candidate) => candidate.layer === layer)?.accuracy ?? NaN;
  const series = [{ name: 'between-class scatter', values: fractions }];
  if (nearestClassMean.length)
    series.push({ name: 'nearest-class-mean accuracy', values: layers.map(accuracyOf) });
  return renderDotPlotFigure(options, {
    title: 'Class separability by layer',
    subtitle:
      `From the ${layers[0].reduction} of each feature map. Between-class fraction of the total scatter: ` +
      '0%, classes coincide; 100%, no scatter within classes.' +
      (nearestClassMean.length ? ' Second series: accuracy of the nearest-class-mean classifier.' : ''),
    description:
      highest && `${highest.layer} separates the classes best: ${formatPercent(highest.betweenFraction, 1)}.`,
    rows: layers.map(({ layer }) => layer),
    series,
    axisLabel: 'fraction',
    domain: [0, 1],
    format: (fraction) => formatPercent(fraction, 1),
    formatTick: formatWholePercent,
  });
}
