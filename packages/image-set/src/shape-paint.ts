import type { Random } from '@convlens/core';
import type { Coverage } from './shape-classes.js';

/** How much brighter (luma, 0 to 1) one of figure and ground is at least. */
const CONTRAST = 0.32;

/** A colour that changes evenly along a line: at the image's centre, and by how much a pixel to the right and down. */
interface Gradient {
  readonly centre: readonly number[];
  readonly across: readonly number[];
  readonly down: readonly number[];
}

/**
 * Paints a figure on a ground, lit unevenly and grainy, into size x size x 3 `pixels`. Both colours are drawn from the
 * same distribution, together, until they are far enough apart: neither they nor which is brighter depend on the figure.
 */
export function paintShape(
  pixels: Uint8Array,
  { coverage, random, size }: { coverage: Coverage; random: Random; size: number },
): void {
  let figure: number[];
  let ground: number[];
  do {
    figure = drawColour(random);
    ground = drawColour(random);
  } while (Math.abs(luma(figure) - luma(ground)) < CONTRAST);
  const front = drawGradient(random, figure, size);
  const back = drawGradient(random, ground, size);
  const light = drawLight(random, size);
  const grain = 0.01 + 0.06 * random();
  const middle = (size - 1) / 2;
  for (let row = 0, p = 0; row < size; row++) {
    const y = row - middle;
    for (let column = 0; column < size; column++) {
      const x = column - middle;
      const share = coverage(x, y);
      const brightness = light[row * size + column];
      for (let c = 0; c < 3; c++, p++) {
        const near = front.centre[c] + front.across[c] * x + front.down[c] * y;
        const far = back.centre[c] + back.across[c] * x + back.down[c] * y;
        const value = far + share * (near - far) + brightness + grain * (random() + random() - 1);
        pixels[p] = value <= 0 ? 0 : value >= 1 ? 255 : Math.round(255 * value);
      }
    }
  }
}

const luma = ([red, green, blue]: readonly number[]) => 0.299 * red + 0.587 * green + 0.114 * blue;

/** Any hue, from grey to vivid, from dark to light. */
function drawColour(random: Random): number[] {
  const level = 0.12 + 0.76 * random();
  const vividness = 0.3 * random();
  const hue = 2 * Math.PI * random();
  return [0, 1, 2].map((c) => level + vividness * Math.cos(hue + (c * 2 * Math.PI) / 3));
}

function drawGradient(random: Random, centre: readonly number[], size: number): Gradient {
  const steepness = 0.5 * random();
  const angle = 2 * Math.PI * random();
  const other = drawColour(random);
  const slope = centre.map((value, c) => ((other[c] - value) * steepness * 2) / size);
  return {
    centre,
    across: slope.map((value) => value * Math.cos(angle)),
    down: slope.map((value) => value * Math.sin(angle)),
  };
}

/** What is added to each pixel: soft patches of light and shade, a smooth curve through 5 x 5 random levels. */
function drawLight(random: Random, size: number): Float64Array {
  const strength = 0.1 * random();
  const levels = Float64Array.from({ length: 25 }, () => strength * (2 * random() - 1));
  const steps = Array.from({ length: size }, (_, i) => {
    const at = (i / (size - 1)) * 4;
    const cell = Math.min(Math.floor(at), 3);
    const t = at - cell;
    return { cell, weight: t * t * (3 - 2 * t) };
  });
  const light = new Float64Array(size * size);
  for (let row = 0, p = 0; row < size; row++) {
    const { cell: y, weight: down } = steps[row];
    for (let column = 0; column < size; column++, p++) {
      const { cell: x, weight: across } = steps[column];
      const i = 5 * y + x;
      const upper = levels[i] + across * (levels[i + 1] - levels[i]);
      const lower = levels[i + 5] + across * (levels[i + 6] - levels[i + 5]);
      light[p] = upper + down * (lower - upper);
    }
  }
  return light;
}
