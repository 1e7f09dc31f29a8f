import type { ClassActivations } from '@convlens/core';
import { drawBars, type Bar } from './bars.js';
import { expectLength } from './checks.js';
import { drawFigure, roomIn, type FigureOptions } from './figure.js';
import { formatValue } from './format.js';
import { highestOf } from './numbers.js';
import { selectFilters } from './select-filters.js';
import { group, write } from './svg.js';

export interface ClassActivationBarsOptions extends FigureOptions {
  /** Which filter or filters, a panel each; all that the record holds. */
  readonly filter?: number | readonly number[];
}

const GAP = 28;

/** How strongly filters answer to each class on average, the highest class in red. */
export function classActivationBars(
  record: ClassActivations,
  options: ClassActivationBarsOptions = {},
): SVGSVGElement {
  const { classNames, means } = record;
  const columns = record.filters.length;
  expectLength('means', means, classNames.length * columns);
  const filters = selectFilters(options.filter, record.filters);
  const panels = filters.map((filter) => {
    const column = record.filters.indexOf(filter);
    const values = classNames.map((_, i) => means[i * columns + column]);
    return { filter, values, highest: highestOf(values) };
  });
  const room = roomIn(options);
  const across = Math.max(1, Math.min(filters.length, 3, Math.floor((room + GAP) / (260 + GAP))));
  const natural = across === 1 ? 560 : across === 2 ? 400 : 292;
  const panelWidth = Math.min(natural, (room + GAP) / across - GAP);
  const isOne = filters.length === 1;
  const figure = {
    title: `Mean activation per class: ${record.layer}${isOne ? `, filter ${filters[0]}` : ''}`,
    subtitle: `The ${record.reduction} of the map, averaged over the images of a class. Red: the highest class.`,
    description: panels
      .map(({ filter, values, highest }) =>
        highest < 0
          ? `Filter ${filter}: no class has images.`
          : `Filter ${filter} answers most to ${classNames[highest]}: ${formatValue(values[highest])} on average.`,
      )
      .join(' '),
    width: across * (panelWidth + GAP) - GAP,
  };
  return drawFigure(options, figure, (body) => {
    let y = 0;
    let lowest = 0;
    panels.forEach(({ filter, values, highest }, i) => {
      if (i && i % across === 0) y = lowest + GAP;
      const panel = group(body, { x: (i % across) * (panelWidth + GAP), y });
      if (!isOne)
        write(panel, `filter ${filter}`, { y: 11, 'font-size': 12, 'font-weight': 600, fill: 'ink' });
      const bars = classNames.map((label, c): Bar => {
        const isHighest = c === highest;
        const isKnown = Number.isFinite(values[c]);
        const text = isKnown ? formatValue(values[c]) : 'no images';
        return {
          label,
          value: values[c],
          color: isHighest ? 'bad' : 'bar',
          text,
          textColor: isHighest ? 'bad' : undefined,
          bold: isHighest,
          hint: `${label}: ${text}${isKnown ? ` over ${record.counts[c]} images` : ''}`,
        };
      });
      const top = isOne ? 0 : 22;
      const layout = { width: panelWidth, axis: 'mean activation' };
      lowest = y + top + drawBars(group(panel, { y: top }), bars, layout);
    });
    return lowest;
  });
}
