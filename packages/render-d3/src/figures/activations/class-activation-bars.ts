import {
  expectLength,
  expectRecord,
  expectOptions,
  type ClassActivations,
  type OptionNames,
} from '@convlens/core';
import { renderBars, type Bar } from '../../charts/bar-chart.js';
import { availableWidth, FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { formatValue } from '../../drawing/format.js';
import { argMax } from '../../drawing/numbers.js';
import { selectFilters } from '../../drawing/select-filters.js';
import { appendGroup, appendText, type Mark } from '../../drawing/svg.js';

export interface ClassActivationBarsOptions extends FigureOptions {
  /** One filter or several, one panel per filter; default: all of the record. */
  readonly filters?: number | readonly number[];
}

const CLASS_ACTIVATION_BARS_OPTIONS: OptionNames<ClassActivationBarsOptions> = {
  ...FIGURE_OPTIONS,
  filters: true,
};

const GAP = 28;
const MIN_PANEL_WIDTH = 260;
/** The width of a panel in a figure without `width`, by the number of panels side by side, in pixels. */
const PANEL_WIDTHS = [560, 400, 292];
const PANEL_TITLE_HEIGHT = 22;

interface FilterPanel {
  readonly filter: number;
  /** The mean activation of each class. */
  readonly means: readonly number[];
  /** The class with the highest mean; -1 if no class has images. */
  readonly highest: number;
}

function panelsOf(record: ClassActivations, filters: readonly number[]): FilterPanel[] {
  const { classNames, means, filters: recorded } = record;
  return filters.map((filter) => {
    const column = recorded.indexOf(filter);
    const classMeans = classNames.map((_, c) => means[c * recorded.length + column]);
    return { filter, means: classMeans, highest: argMax(classMeans) };
  });
}

function layoutPanels(options: FigureOptions, count: number): { perRow: number; panelWidth: number } {
  const available = availableWidth(options);
  const fitting = Math.floor((available + GAP) / (MIN_PANEL_WIDTH + GAP));
  const perRow = Math.max(1, Math.min(count, PANEL_WIDTHS.length, fitting));
  return { perRow, panelWidth: Math.min(PANEL_WIDTHS[perRow - 1], (available + GAP) / perRow - GAP) };
}

function classBar({ classNames, counts }: ClassActivations, { means, highest }: FilterPanel, c: number): Bar {
  const isHighest = c === highest;
  const hasImages = Number.isFinite(means[c]);
  const text = hasImages ? formatValue(means[c]) : 'no images';
  return {
    label: classNames[c],
    value: means[c],
    color: isHighest ? 'bad' : 'bar',
    text,
    textColor: isHighest ? 'bad' : undefined,
    bold: isHighest,
    tooltip: `${classNames[c]}: ${text}${hasImages ? ` over ${counts[c]} images` : ''}`,
  };
}

const describePanel = ({ classNames }: ClassActivations, { filter, means, highest }: FilterPanel) =>
  highest < 0
    ? `Filter ${filter}: no class has images.`
    : `Filter ${filter} activates most on ${classNames[highest]}: mean ${formatValue(means[highest])}.`;

/** The mean activation of filters per class, the highest class in red. */
export function classActivationBars(
  record: ClassActivations,
  options: ClassActivationBarsOptions = {},
): SVGSVGElement {
  expectOptions('classActivationBars', options, CLASS_ACTIVATION_BARS_OPTIONS);
  expectRecord('ClassActivations', 'record', record);
  const { layer, reduction, classNames, means } = record;
  expectLength('means', means, classNames.length * record.filters.length);
  const filters = selectFilters({ name: 'filters', selected: options.filters, available: record.filters });
  const panels = panelsOf(record, filters);
  const { perRow, panelWidth } = layoutPanels(options, panels.length);
  const isSingle = panels.length === 1;
  const heading = {
    title: `Mean activation per class: ${layer}${isSingle ? `, filter ${filters[0]}` : ''}`,
    subtitle:
      `The ${reduction} of the feature map, averaged over the images of a class. ` +
      'Red: the highest class.',
    description: panels.map((panel) => describePanel(record, panel)).join(' '),
    width: perRow * (panelWidth + GAP) - GAP,
  };
  const renderPanel = (parent: Mark, panel: FilterPanel): number => {
    const titleStyle = { 'font-size': 12, 'font-weight': 600, fill: 'ink' };
    if (!isSingle) appendText(parent, `filter ${panel.filter}`, { y: 11, ...titleStyle });
    const top = isSingle ? 0 : PANEL_TITLE_HEIGHT;
    const bars = classNames.map((_, c) => classBar(record, panel, c));
    const layout = { width: panelWidth, axisLabel: 'mean activation' };
    return top + renderBars(appendGroup(parent, { y: top }), bars, layout);
  };
  return renderFigure(options, heading, (body) => {
    let y = 0;
    let bottom = 0;
    panels.forEach((panel, i) => {
      if (i && i % perRow === 0) y = bottom + GAP;
      const parent = appendGroup(body, { x: (i % perRow) * (panelWidth + GAP), y });
      bottom = y + renderPanel(parent, panel);
    });
    return bottom;
  });
}
