import type { GroupComparison } from '@convlens/core';
import { expectSome } from './checks.js';
import type { FigureOptions } from './figure.js';
import { countOf, formatCount, formatValue } from './format.js';
import { highestOf } from './numbers.js';
import { drawRowFigure } from './row-chart.js';

/** How a network answers to one group of images beside another, layer by layer. */
export function groupComparison(
  layers: readonly GroupComparison[],
  options: FigureOptions = {},
): SVGSVGElement {
  expectSome(layers, 'layer');
  const [{ groupNames, counts, reduction }] = layers;
  const typical = layers.map(({ typicalEffect }) => typicalEffect);
  const most = highestOf(typical);
  return drawRowFigure(options, {
    title: `${groupNames[0].replace(/^./u, (letter) => letter.toUpperCase())} beside ${groupNames[1]}, layer by layer`,
    subtitle:
      `${countOf(counts[0], 'image')} and ${formatCount(counts[1])}, by the ${reduction} of each map. Cohen’s d: the difference in standard ` +
      `deviations; 0.2 is small, 0.8 large. Right of zero the whole layer answers more to ${groupNames[0]}.`,
    description:
      most < 0
        ? ''
        : `They differ most in ${layers[most].layer}: ${formatValue(typical[most])} standard deviations in a typical channel.`,
    rows: layers.map(({ layer }) => layer),
    series: [
      { name: 'typical channel (size alone)', values: typical },
      { name: 'whole layer', values: layers.map(({ whole }) => whole.effectSize) },
    ],
    axis: 'effect size, Cohen’s d',
    domain: [0, 0.5],
  });
}
