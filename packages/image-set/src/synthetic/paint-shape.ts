import type { Random } from '@convlens/core';
import type { Coverage } from './shape-classes.js';

/** The smallest difference in luma (0 to 1) between the colors of the shape and of the background. */
const MIN_CONTRAST = 0.32;

/** The lighting is interpolated between this many random levels in each direction. */
const LIGHT_LEVELS = 5;

/** A color that changes linearly over the image. */
interface ColorGradient {
  /** The color at the center of the image, each channel 0 to 1. */
  readonly center: readonly number[];
  /** The change per pixel to the right, and down. */
  readonly across: readonly number[];
  readonly down: readonly number[];
}

/**
 * Paints a shape on a background, with uneven lighting and noise, into size x size x 3 `pixels`. Both colors are sampled from
 * the same distribution, together, until their contrast suffices: neither color, nor which is the brighter, depends on the
 * shape.
 *
 * The order of the random numbers determines the images: it must not change.
 */
export function paintShape(
  pixels: Uint8Array,
  { coverage, random, size }: { coverage: Coverage; random: Random; size: number },
): void {
  let shapeColor: number[];
  let backgroundColor: number[];
  do {
    shapeColor = sampleColor(random);
    backgroundColor = sampleColor(random);
  } while (Math.abs(luma(shapeColor) - luma(backgroundColor)) < MIN_CONTRAST);
  const shape = sampleGradient(random, shapeColor, size);
  const background = sampleGradient(random, backgroundColor, size);
  const lighting = sampleLighting(random, size);
  const noise = 0.01 + 0.06 * random();
  const middle = (size - 1) / 2;
  for (let row = 0, p = 0; row < size; row++) {
    const y = row - middle;
    for (let column = 0; column < size; column++) {
      const x = column - middle;
      const covered = coverage(x, y);
      const brightness = lighting[row * size + column];
      for (let c = 0; c < 3; c++, p++) {
        const front = shape.center[c] + shape.across[c] * x + shape.down[c] * y;
        const back = background.center[c] + background.across[c] * x + background.down[c] * y;
        const value = back + covered * (front - back) + brightness + noise * (random() + random() - 1);
        pixels[p] = value <= 0 ? 0 : value >= 1 ? 255 : Math.round(255 * value);
      }
    }
  }
}

const luma = ([red, green, blue]: readonly number[]) => 0.299 * red + 0.587 * green + 0.114 * blue;

/** A random hue, from gray to vivid and from dark to light. */
function sampleColor(random: Random): number[] {
  const level = 0.12 + 0.76 * random();
  const vividness = 0.3 * random();
  const hue = 2 * Math.PI * random();
  return [0, 1, 2].map((c) => level + vividness * Math.cos(hue + (c * 2 * Math.PI) / 3));
}

function sampleGradient(random: Random, center: readonly number[], size: number): ColorGradient {
  const steepness = 0.5 * random();
  const angle = 2 * Math.PI * random();
  const endColor = sampleColor(random);
  const slope = center.map((value, c) => ((endColor[c] - value) * steepness * 2) / size);
  return {
    center,
    across: slope.map((value) => value * Math.cos(angle)),
    down: slope.map((value) => value * Math.sin(angle)),
  };
}

/** The brightness that is added to each pixel: light and shade that vary smoothly between random levels. */
function sampleLighting(random: Random, size: number): Float64Array {
  const strength = 0.1 * random();
  const levels = Float64Array.from({ length: LIGHT_LEVELS ** 2 }, () => strength * (2 * random() - 1));
  const steps = Array.from({ length: size }, (_, i) =>
    interpolationAt((i / (size - 1)) * (LIGHT_LEVELS - 1)),
  );
  const lighting = new Float64Array(size * size);
  for (let row = 0, p = 0; row < size; row++) {
    const { cell: y, weight: down } = steps[row];
    for (let column = 0; column < size; column++, p++) {
      const { cell: x, weight: across } = steps[column];
      const i = LIGHT_LEVELS * y + x;
      const below = i + LIGHT_LEVELS;
      const upper = levels[i] + across * (levels[i + 1] - levels[i]);
      const lower = levels[below] + across * (levels[below + 1] - levels[below]);
      lighting[p] = upper + down * (lower - upper);
    }
  }
  return lighting;
}

/** The level before a position, and the weight of the next one: smoothstep, 3t^2 - 2t^3. */
function interpolationAt(position: number): { cell: number; weight: number } {
  const cell = Math.min(Math.floor(position), LIGHT_LEVELS - 2);
  const t = position - cell;
  return { cell, weight: t * t * (3 - 2 * t) };
}
