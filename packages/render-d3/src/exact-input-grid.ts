import { InputError, type ExactInput } from '@convlens/core';
import { expectCount, expectLength, expectSome } from './checks.js';
import type { FigureOptions } from './figure.js';
import { countOf, formatValue } from './format.js';
import { rasterOf } from './raster.js';
import { drawTileFigure, tileSize, type Tile } from './tiles.js';

export interface ExactInputGridOptions extends FigureOptions {
  /** At most, from 1; 8. */
  readonly columns?: number;
  /** Of a layer that reads neither grey nor RGB: so many of the channels that it reads, from 1; 16. */
  readonly channels?: number;
}

/**
 * What filters answer to most of all that they could be given: white, or a full colour, where the weight is positive. A
 * tile a filter where it reads an image, else a row a filter and a tile a channel.
 */
export function exactInputGrid(
  inputs: readonly ExactInput[],
  options: ExactInputGridOptions = {},
): SVGSVGElement {
  expectSome(inputs, 'input');
  const { columns = 8, channels: most = 16 } = options;
  const [{ layer, height, width, channels }] = inputs;
  const isImage = channels === 1 || channels === 3;
  const shown = isImage ? 1 : Math.min(expectCount('channels', most), channels);
  for (const input of inputs) {
    if (input.layer !== layer)
      throw new InputError(`Expected inputs of one layer, got those of ${layer} and ${input.layer}`);
    expectLength('values', input.values, height * width * channels);
  }
  const tileOf = ({ filter, values, maximum }: ExactInput, channel: number): Tile => {
    const drawn = isImage ? values : values.filter((_, i) => i % channels === channel);
    const bytes = Uint8Array.from(drawn, (value) => 255 * value);
    return {
      raster: rasterOf(bytes, { width, height, channels: isImage ? channels : 1 }),
      subject: { filter },
      hint: `filter ${filter}${isImage ? '' : `, channel ${channel}`}, answers ${formatValue(maximum)}`,
      captions: [isImage ? { text: String(filter), end: formatValue(maximum) } : { text: String(channel) }],
    };
  };
  const tilesOf = (input: ExactInput) => Array.from({ length: shown }, (_, c) => tileOf(input, c));
  return drawTileFigure(options, {
    title: `What filters of ${layer} answer to most`,
    subtitle:
      `Exact: 1 where the weight is positive, 0 elsewhere; ${height} × ${width} × ${channels}. ` +
      (isImage
        ? 'Under each: filter, its answer before the activation.'
        : `The first ${shown} of ${countOf(channels, 'channel')} that it reads; beside each row: its answer.`),
    size: tileSize({ width, height }, 60),
    labelWidth: isImage ? 0 : 84,
    columns: isImage ? columns : 16,
    bands: isImage
      ? [{ tiles: inputs.flatMap(tilesOf) }]
      : inputs.map((input) => ({
          labels: [{ text: `filter ${input.filter}`, bold: true }, { text: formatValue(input.maximum) }],
          tiles: tilesOf(input),
        })),
  });
}
