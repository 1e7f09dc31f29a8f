import type { ClassSeparability, NearestMeans } from '@convlens/core';
import { expectSome } from './checks.js';
import type { FigureOptions } from './figure.js';
import { formatPercent, formatShare } from './format.js';
import { highestOf } from './numbers.js';
import { drawRowFigure } from './row-chart.js';

export interface LayerSeparabilityOptions extends FigureOptions {
  /** How often the nearest class mean is right, of the same layers. */
  readonly nearestMeans?: readonly NearestMeans[];
}

/** How well each layer separates the classes, in the order of the records: the input end of the network first. */
export function layerSeparability(
  layers: readonly ClassSeparability[],
  options: LayerSeparabilityOptions = {},
): SVGSVGElement {
  const { nearestMeans = [] } = options;
  expectSome(layers, 'layer');
  const shares = layers.map(({ betweenShare }) => betweenShare);
  const best = highestOf(shares);
  const series = [{ name: 'scatter between classes', values: shares }];
  const accuracies = layers.map(
    ({ layer }) => nearestMeans.find((one) => one.layer === layer)?.accuracy ?? NaN,
  );
  if (nearestMeans.length) series.push({ name: 'nearest mean is right', values: accuracies });
  return drawRowFigure(options, {
    title: 'How well the layers separate the classes',
    subtitle:
      `From the ${layers[0].reduction} of each map. Share of the scatter that lies between the classes: 0%, all alike; 100%, each class one point.` +
      (nearestMeans.length ? ' Beside it: how often the nearest class mean is the right one.' : ''),
    description:
      best < 0 ? '' : `${layers[best].layer} separates the classes best: ${formatShare(shares[best])}.`,
    rows: layers.map(({ layer }) => layer),
    series,
    axis: 'share',
    domain: [0, 1],
    format: formatShare,
    ticks: formatPercent,
  });
}
