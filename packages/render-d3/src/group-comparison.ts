import { InputError, type GroupComparison } from '@convlens/core';
import { openFigure, roomIn, type FigureOptions } from './figure.js';
import { countOf, formatValue } from './format.js';
import { drawRows } from './row-chart.js';

/** How a network answers to one group of images beside another, layer by layer. */
export function groupComparison(
  layers: readonly GroupComparison[],
  options: FigureOptions = {},
): SVGSVGElement {
  if (!layers.length) throw new InputError('Expected at least one layer, got none');
  const [{ groupNames, counts, reduction }] = layers;
  const typical = layers.map(({ typicalEffect }) => typicalEffect);
  const most = typical.reduce((best, effect, i) => (effect > typical[best] ? i : best), 0);
  const width = Math.min(620, roomIn(options));
  const { body, palette, close } = openFigure(options, {
    title: `${groupNames[0]} beside ${groupNames[1]}, layer by layer`,
    subtitle:
      `${countOf(counts[0], 'image')} and ${counts[1]}, by the ${reduction} of each map. Cohen’s d: the difference in standard ` +
      `deviations; 0.2 is small, 0.8 large. Right of zero the whole layer answers more to ${groupNames[0]}.`,
    description: `The two groups differ most in ${layers[most].layer}: ${formatValue(typical[most])} standard deviations in a typical channel.`,
    width,
  });
  return close(
    drawRows(body, {
      palette,
      width,
      rows: layers.map(({ layer }) => layer),
      series: [
        { name: 'typical channel (size alone)', values: typical },
        { name: 'whole layer', values: layers.map(({ whole }) => whole.effectSize) },
      ],
      axis: 'effect size, Cohen’s d',
      domain: [0, 0.5],
    }),
  );
}
