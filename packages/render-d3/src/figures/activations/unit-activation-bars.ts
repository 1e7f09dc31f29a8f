import {
  expectRecord,
  expectInteger,
  expectOptions,
  InputError,
  type FeatureMaps,
  type OptionNames,
} from '@convlens/core';
import { scaleLinear } from 'd3-scale';
import { appendVerticalText, renderVerticalAxis } from '../../charts/axis.js';
import type { PanelScales } from '../../charts/line-panel.js';
import { availableWidth, FIGURE_OPTIONS, renderFigure, type FigureOptions } from '../../drawing/figure.js';
import { formatValue } from '../../drawing/format.js';
import { extent, meanAndStd } from '../../drawing/numbers.js';
import { featureMapValues } from '../../drawing/raster.js';
import { append, appendHoverTarget, appendLine, appendText, round, type Mark } from '../../drawing/svg.js';

export interface UnitActivationBarsOptions extends FigureOptions {
  /** The position of an image in the record; default 0. */
  readonly image?: number;
}

const UNIT_ACTIVATION_BARS_OPTIONS: OptionNames<UnitActivationBarsOptions> = {
  ...FIGURE_OPTIONS,
  image: true,
};

const MAX_WIDTH = 760;
/** The edges of the bars in pixels. */
const LEFT = 46;
const TOP = 6;
const BOTTOM = 200;
/** A layer with more units has no tooltips. */
const MAX_TOOLTIPS = 1024;
/** A unit with a higher activation counts as active. */
const ACTIVE_ABOVE = 0.1;

/** All bars as one path; units without a finite value have none. */
function barsPath(values: readonly number[], { x, y }: PanelScales): string {
  const unitWidth = x(1) - x(0);
  const bars = values.map((value, unit) => {
    if (!Number.isFinite(value)) return '';
    const left = round(x(unit) + unitWidth * 0.1);
    return `M${left},${round(y(0))}v${round(y(value) - y(0))}h${round(unitWidth * 0.8)}V${round(y(0))}z`;
  });
  return bars.join('');
}

function renderTooltips(parent: Mark, values: readonly number[], x: PanelScales['x']): void {
  if (values.length > MAX_TOOLTIPS) return;
  const strip = { y: 0, width: x(1) - x(0), height: BOTTOM };
  values.forEach((value, unit) => {
    appendHoverTarget(parent, { x: x(unit), ...strip }, `unit ${unit}: ${formatValue(value)}`);
  });
}

function renderUnitAxis(parent: Mark, x: PanelScales['x'], count: number): void {
  const [left, right] = x.range();
  for (const tick of x.ticks(right / 76)) {
    if (!Number.isInteger(tick) || tick >= count) continue;
    const attributes = { x: x(tick + 0.5), y: BOTTOM + 16, 'text-anchor': 'middle', 'font-size': 10.5 };
    appendText(parent, String(tick), attributes);
  }
  appendText(parent, 'unit', { x: (left + right) / 2, y: BOTTOM + 34, 'text-anchor': 'middle' });
}

/** The activations of a dense layer for one image, one bar per unit. */
export function unitActivationBars(
  maps: FeatureMaps,
  options: UnitActivationBarsOptions = {},
): SVGSVGElement {
  expectOptions('unitActivationBars', options, UNIT_ACTIVATION_BARS_OPTIONS);
  expectRecord('FeatureMaps', 'record', maps);
  const { image = 0 } = options;
  const { layer, height, width, channels, indices } = maps;
  expectInteger('image', image, { max: maps.count - 1 });
  if (height * width !== 1)
    throw new InputError(
      `Expected maps of a dense layer, 1 x 1, got ${height} x ${width}: use featureMapGrid`,
    );
  const values = Array.from(
    { length: channels },
    (_, channel) => featureMapValues(maps, { image, channel })[0],
  );
  const { low, high } = extent(values);
  const summary = Object.entries({ min: low, max: high, ...meanAndStd(values) })
    .map(([name, value]) => `${name} ${formatValue(value)}`)
    .join(', ');
  const active = values.filter((value) => value > ACTIVE_ABOVE).length;
  const heading = {
    title: `Activations of ${layer}: image #${indices[image]}`,
    subtitle: `${summary}; ${active} of ${values.length} units above ${ACTIVE_ABOVE}.`,
    width: Math.min(MAX_WIDTH, availableWidth(options)),
  };
  return renderFigure(options, heading, (body, right) => {
    const x = scaleLinear([0, values.length], [LEFT, right]);
    const y = scaleLinear([Math.min(0, low), Math.max(0, high) || 1], [BOTTOM, TOP]).nice(5);
    renderVerticalAxis(body, { scale: y, left: LEFT, right });
    append(body, 'path', { d: barsPath(values, { x, y }), fill: 'train' });
    appendLine(body, [LEFT, y(0), right, y(0)], { stroke: 'axis' });
    renderTooltips(body, values, x);
    renderUnitAxis(body, x, channels);
    appendVerticalText(body, 'activation', { x: 9, y: BOTTOM / 2 });
    return BOTTOM + 38;
  });
}
