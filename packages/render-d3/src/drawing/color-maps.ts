import { expectOneOf } from '@convlens/core';
import { rgb } from 'd3-color';
import {
  interpolateInferno,
  interpolateMagma,
  interpolateRdBu,
  interpolateViridis,
} from 'd3-scale-chromatic';

/** The names of the color maps. `diverging` runs from blue through white to red, for values around zero. */
export const COLOR_MAPS = ['viridis', 'inferno', 'magma', 'gray', 'hot', 'jet', 'diverging'] as const;
export type ColorMap = (typeof COLOR_MAPS)[number];

type Channels = [red: number, green: number, blue: number];
const clamp = (value: number) => Math.min(1, Math.max(0, value));
const toChannels = (color: string): Channels => {
  const { r, g, b } = rgb(color);
  return [r / 255, g / 255, b / 255];
};

/**
 * From 0 (lowest value) to 1 (highest value). `hot` and `jet` are piecewise linear, with the nodes of
 * Matplotlib.
 */
const INTERPOLATORS: Readonly<Record<ColorMap, (t: number) => Channels>> = {
  viridis: (t) => toChannels(interpolateViridis(t)),
  inferno: (t) => toChannels(interpolateInferno(t)),
  magma: (t) => toChannels(interpolateMagma(t)),
  diverging: (t) => toChannels(interpolateRdBu(1 - t)),
  gray: (t) => [t, t, t],
  hot: (t) => [
    clamp(0.0416 + (t / 0.365079) * (1 - 0.0416)),
    clamp((t - 0.365079) / (0.746032 - 0.365079)),
    clamp((t - 0.746032) / (1 - 0.746032)),
  ],
  jet: (t) => [
    clamp(t < 0.66 ? (t - 0.35) / (0.66 - 0.35) : t < 0.89 ? 1 : 1 - ((t - 0.89) / (1 - 0.89)) * 0.5),
    clamp(t < 0.375 ? (t - 0.125) / (0.375 - 0.125) : t < 0.64 ? 1 : 1 - (t - 0.64) / (0.91 - 0.64)),
    clamp(t < 0.11 ? 0.5 + (t / 0.11) * 0.5 : t < 0.34 ? 1 : 1 - (t - 0.34) / (0.65 - 0.34)),
  ],
};

const tables = new Map<ColorMap, Uint8Array>();

/**
 * The 256 colors of a map: 256 x 3 bytes (RGB), lowest value first.
 *
 * @throws InputError if there is no map of that name
 */
export function colorTable(colorMap: ColorMap): Uint8Array {
  expectOneOf('colorMap', colorMap, COLOR_MAPS);
  let table = tables.get(colorMap);
  if (!table) {
    const colors = Array.from({ length: 256 }, (_, i) => INTERPOLATORS[colorMap](i / 255));
    table = Uint8Array.from(colors.flat(), (level) => Math.round(level * 255));
    tables.set(colorMap, table);
  }
  return table;
}
