import type { Random } from '@convlens/core';

/** How much of the pixel around (x, y) belongs to the figure, 0 to 1. Pixels are 1 apart, (0, 0) is the image's centre. */
export type Coverage = (x: number, y: number) => number;

/** Draws a figure in a random pose, for an image of size x size. */
type DrawShape = (random: Random, size: number) => Coverage;

/** How far (x, y) lies outside an outline of radius about 1; negative inside. */
type Distance = (x: number, y: number) => number;

const between = (random: Random, low: number, high: number) => low + (high - low) * random();

/** A straight edge one pixel soft: what a box filter makes of it. */
const edge = (distance: number) => (distance <= -0.5 ? 1 : distance >= 0.5 ? 0 : 0.5 - distance);

/** A figure given by its outline, anywhere in the image and at any angle; it may be cut a little by the border. */
const object =
  (distance: Distance): DrawShape =>
  (random, size) => {
    const radius = between(random, 0.3, 0.43) * size;
    const reach = size / 2 - 0.95 * radius;
    const centreX = between(random, -reach, reach);
    const centreY = between(random, -reach, reach);
    const angle = between(random, 0, 2 * Math.PI);
    const cos = Math.cos(angle) / radius;
    const sin = Math.sin(angle) / radius;
    return (x, y) => {
      const dx = x - centreX;
      const dy = y - centreY;
      return edge(radius * distance(cos * dx + sin * dy, cos * dy - sin * dx));
    };
  };

/** A figure that fills the image and repeats at steps of 1, scaled to a period of `low` to `high` pixels. */
const texture =
  (distance: Distance, { low, high }: { low: number; high: number }): DrawShape =>
  (random) => {
    const period = between(random, low, high);
    const angle = between(random, 0, 2 * Math.PI);
    const cos = Math.cos(angle) / period;
    const sin = Math.sin(angle) / period;
    const shiftX = random();
    const shiftY = random();
    return (x, y) => edge(period * distance(cos * x + sin * y + shiftX, cos * y - sin * x + shiftY));
  };

/** How far `x` is from the nearest whole number. */
const toWhole = (x: number) => Math.abs(x - Math.round(x));

const box = (x: number, y: number, halfWidth: number, halfHeight: number) =>
  Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);

const POINT = Math.PI / 5;

const outlines = {
  disc: (x, y) => Math.hypot(x, y) - 0.95,
  ring: (x, y) => Math.abs(Math.hypot(x, y) - 0.78) - 0.22,
  square: (x, y) => box(x, y, 0.85, 0.85),
  triangle: (x, y) => Math.max(y, Math.abs(x) * Math.cos(Math.PI / 6) - y / 2) - 0.58,
  cross: (x, y) => Math.min(box(x, y, 1.05, 0.3), box(x, y, 0.3, 1.05)),
  star: (x, y) => {
    // One of ten equal wedges, a point of the star at (1.15, 0), a notch at radius 0.5: the line between them.
    const turn = Math.atan2(y, x);
    const within = Math.abs(turn - 2 * POINT * Math.round(turn / (2 * POINT)));
    const radius = Math.hypot(x, y);
    const notchX = 0.5 * Math.cos(POINT) - 1.15;
    const notchY = 0.5 * Math.sin(POINT);
    const along = radius * Math.cos(within) - 1.15;
    return (notchY * along - notchX * radius * Math.sin(within)) / Math.hypot(notchX, notchY);
  },
  crescent: (x, y) => Math.max(Math.hypot(x, y) - 1, 0.75 - Math.hypot(x - 0.5, y)),
} satisfies Record<string, Distance>;

const patterns = {
  stripes: (x) => toWhole(x) - 0.25,
  checkerboard: (x, y) => {
    // Two fields a period: inside where both, or neither, of x and y are in the first half.
    const a = toWhole(x) - 0.25;
    const b = toWhole(y) - 0.25;
    return a * b > 0 ? -Math.min(Math.abs(a), Math.abs(b)) : Math.min(Math.abs(a), Math.abs(b));
  },
  spots: (x, y) => {
    // Rows of spots, every other row half a step on.
    const row = Math.round(y / 0.87);
    return Math.hypot(toWhole(x + 0.5 * (row & 1)), y - row * 0.87) - 0.26;
  },
} satisfies Record<string, Distance>;

/** The classes by name, in the order of their labels. */
export const SHAPES: Readonly<Record<string, DrawShape>> = {
  disc: object(outlines.disc),
  ring: object(outlines.ring),
  square: object(outlines.square),
  triangle: object(outlines.triangle),
  cross: object(outlines.cross),
  star: object(outlines.star),
  crescent: object(outlines.crescent),
  stripes: texture(patterns.stripes, { low: 6, high: 12 }),
  checkerboard: texture(patterns.checkerboard, { low: 9, high: 16 }),
  spots: texture(patterns.spots, { low: 7, high: 12 }),
};
