import { expectInteger, InputError, type FeatureMaps } from '@convlens/core';
import { scaleLinear } from 'd3-scale';
import { openFigure, roomIn, type FigureOptions } from './figure.js';
import { formatValue } from './format.js';
import { planeOf, rangeOf } from './raster.js';
import { draw, round, turn, write } from './svg.js';

export interface UnitActivationBarsOptions extends FigureOptions {
  /** Which of the images that `maps` holds, by its position; 0. */
  readonly image?: number;
}

const WIDEST = 760;
const HEIGHT = 200;
const LEFT = 46;
/** From which value on a unit counts as answering. */
const ANSWERING = 0.1;

/** The activations of a dense layer for one image, a bar a unit, with what is known of them in numbers. */
export function unitActivationBars(
  maps: FeatureMaps,
  options: UnitActivationBarsOptions = {},
): SVGSVGElement {
  const { image = 0 } = options;
  expectInteger('image', image, { max: maps.count - 1 });
  if (maps.height * maps.width !== 1)
    throw new InputError(
      `Expected maps of a dense layer, 1 x 1, got ${maps.height} x ${maps.width}: use featureMapGrid`,
    );
  const values = Array.from({ length: maps.channels }, (_, channel) => planeOf(maps, { image, channel })[0]);
  const { low, high } = rangeOf(values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const over = values.filter((value) => value > ANSWERING).length;
  const numbers = Object.entries({ min: low, max: high, mean, std }).map(
    ([name, value]) => `${name} ${formatValue(value)}`,
  );
  const index = maps.indices[image];
  const width = Math.min(WIDEST, roomIn(options));
  const { body, palette, close } = openFigure(options, {
    title: `Activations of ${maps.layer}: image #${index}`,
    subtitle: `${numbers.join(', ')}; ${over} of ${values.length} units over ${ANSWERING}.`,
    description: `The ${values.length} activations of layer ${maps.layer} for image ${index}: ${numbers.join(', ')}.`,
    width,
  });
  const x = scaleLinear([0, values.length], [LEFT, width]);
  const y = scaleLinear([Math.min(0, low), Math.max(0, high) || 1], [HEIGHT, 6]).nice(5);
  for (const tick of y.ticks(5)) {
    draw(body, 'line', { x1: LEFT, x2: width, y1: y(tick), y2: y(tick), stroke: palette.grid });
    const attributes = { x: LEFT - 7, y: y(tick) + 3.5, 'font-size': 10.5, 'text-anchor': 'end' };
    write(body, y.tickFormat(5)(tick), { ...attributes, fill: palette.muted });
  }
  const pitch = x(1) - x(0);
  const bars = values.map((value, i) => {
    const left = round(x(i) + pitch * 0.1);
    return Number.isFinite(value)
      ? `M${left},${round(y(0))}v${round(y(value) - y(0))}h${round(pitch * 0.8)}V${round(y(0))}z`
      : '';
  });
  draw(body, 'path', { d: bars.join(''), fill: palette.train });
  draw(body, 'line', { x1: LEFT, x2: width, y1: y(0), y2: y(0), stroke: palette.axis });
  for (const tick of x.ticks(width / 76).filter((unit) => Number.isInteger(unit) && unit < values.length)) {
    const attributes = { x: x(tick + 0.5), y: HEIGHT + 16, 'font-size': 10.5, 'text-anchor': 'middle' };
    write(body, String(tick), { ...attributes, fill: palette.muted });
  }
  const name = { 'font-size': 11, 'text-anchor': 'middle', fill: palette.muted };
  write(body, 'unit', { ...name, x: (LEFT + width) / 2, y: HEIGHT + 34 });
  write(body, 'activation', { ...name, x: 9, y: HEIGHT / 2, transform: turn(-90, { x: 9, y: HEIGHT / 2 }) });
  return close(HEIGHT + 38);
}
