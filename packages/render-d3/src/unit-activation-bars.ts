import { expectInteger, InputError, type FeatureMaps } from '@convlens/core';
import { scaleLinear } from 'd3-scale';
import { writeUpwards } from './axis.js';
import { drawFigure, roomIn, type FigureOptions } from './figure.js';
import { formatValue } from './format.js';
import { drawUpwardsAxis, PANEL_LEFT as LEFT } from './line-panel.js';
import { momentsOf, rangeOf } from './numbers.js';
import { planeOf } from './raster.js';
import { draw, hint, round, rule, write } from './svg.js';

export interface UnitActivationBarsOptions extends FigureOptions {
  /** Which of the images that `maps` holds, by its position; 0. */
  readonly image?: number;
}

const WIDEST = 760;
const HEIGHT = 200;
/** Of so many units each answers to the pointer. */
const MOST_HINTS = 1024;
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
  const { mean, std } = momentsOf(values);
  const over = values.filter((value) => value > ANSWERING).length;
  const numbers = Object.entries({ min: low, max: high, mean, std }).map(
    ([name, value]) => `${name} ${formatValue(value)}`,
  );
  const index = maps.indices[image];
  const width = Math.min(WIDEST, roomIn(options));
  const heading = {
    title: `Activations of ${maps.layer}: image #${index}`,
    subtitle: `${numbers.join(', ')}; ${over} of ${values.length} units over ${ANSWERING}.`,
    width,
  };
  return drawFigure(options, heading, (body) => {
    const x = scaleLinear([0, values.length], [LEFT, width]);
    const y = scaleLinear([Math.min(0, low), Math.max(0, high) || 1], [HEIGHT, 6]).nice(5);
    drawUpwardsAxis(body, { scale: y, right: width });
    const pitch = x(1) - x(0);
    const bars = values.map((value, i) =>
      Number.isFinite(value)
        ? `M${round(x(i) + pitch * 0.1)},${round(y(0))}v${round(y(value) - y(0))}h${round(pitch * 0.8)}V${round(y(0))}z`
        : '',
    );
    draw(body, 'path', { d: bars.join(''), fill: 'train' });
    rule(body, [LEFT, y(0), width, y(0)], { stroke: 'axis' });
    if (values.length <= MOST_HINTS)
      values.forEach((value, i) => {
        const strip = { x: x(i), y: 0, width: pitch, height: HEIGHT };
        hint(
          draw(body, 'rect', { ...strip, fill: 'none', 'pointer-events': 'all' }),
          `unit ${i}: ${formatValue(value)}`,
        );
      });
    for (const tick of x.ticks(width / 76)) {
      if (!Number.isInteger(tick) || tick >= values.length) continue;
      const place = { x: x(tick + 0.5), y: HEIGHT + 16, 'text-anchor': 'middle', 'font-size': 10.5 };
      write(body, String(tick), place);
    }
    write(body, 'unit', { x: (LEFT + width) / 2, y: HEIGHT + 34, 'text-anchor': 'middle' });
    writeUpwards(body, 'activation', { x: 9, y: HEIGHT / 2 });
    return HEIGHT + 38;
  });
}
