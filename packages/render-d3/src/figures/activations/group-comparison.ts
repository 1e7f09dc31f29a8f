import { expectOptions, formatCount, type GroupComparison } from '@convlens/core';
import { renderDotPlotFigure } from '../../charts/dot-plot.js';
import { FIGURE_OPTIONS, type FigureOptions } from '../../drawing/figure.js';
import { formatValue } from '../../drawing/format.js';
import { expectNonEmpty } from '../../drawing/guards.js';
import { argMax } from '../../drawing/numbers.js';

const capitalize = (text: string) => text.replace(/^./u, (letter) => letter.toUpperCase());

/** The effect sizes between two groups of images, one row per layer. */
export function groupComparison(
  layers: readonly GroupComparison[],
  options: FigureOptions = {},
): SVGSVGElement {
  expectOptions('groupComparison', options, FIGURE_OPTIONS);
  expectNonEmpty(layers, 'layer', 'GroupComparison');
  const [{ groupNames, counts, reduction }] = layers;
  const [first, second] = groupNames;
  const rmsEffectSizes = layers.map(({ rmsEffectSize }) => rmsEffectSize);
  const highest = layers[argMax(rmsEffectSizes)];
  return renderDotPlotFigure(options, {
    title: `${capitalize(first)} compared with ${second}, by layer`,
    subtitle:
      `${formatCount(counts[0])} and ${formatCount(counts[1], 'image')}, ` +
      `by the ${reduction} of each feature map. ` +
      'Cohen’s d: the difference in standard deviations; 0.2 is small, 0.8 large. ' +
      `Above zero: higher activation on ${first} images.`,
    description:
      highest && `The largest RMS effect size is in ${highest.layer}: ${formatValue(highest.rmsEffectSize)}.`,
    rows: layers.map(({ layer }) => layer),
    series: [
      { name: 'RMS over channels', values: rmsEffectSizes },
      { name: 'layer mean', values: layers.map(({ overall }) => overall.effectSize) },
    ],
    axisLabel: 'effect size, Cohen’s d',
    domain: [0, 0.5],
  });
}
