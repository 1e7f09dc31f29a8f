import type { Random } from '@convlens/core';

/** The fraction of the pixel at (x, y) that a shape covers. The unit is a pixel; (0, 0) is the center of the image. */
export type Coverage = (x: number, y: number) => number;

/** Samples a shape in a random pose, for an image of size x size. The order of its random numbers must not change. */
type SampleShape = (random: Random, size: number) => Coverage;

/** The signed distance of (x, y) from an outline of radius about 1: negative inside. */
type Distance = (x: number, y: number) => number;

const between = (random: Random, low: number, high: number) => low + (high - low) * random();

/** The coverage of a pixel at a distance from a straight edge: that of a box filter, one pixel wide. */
const edgeCoverage = (distance: number) => (distance <= -0.5 ? 1 : distance >= 0.5 ? 0 : 0.5 - distance);

/** A sampler of objects with an outline, at any position and angle; the border of the image may cut a little off. */
const objectSampler =
  (distance: Distance): SampleShape =>
  (random, size) => {
    const radius = between(random, 0.3, 0.43) * size;
    const maxShift = size / 2 - 0.95 * radius;
    const centerX = between(random, -maxShift, maxShift);
    const centerY = between(random, -maxShift, maxShift);
    const angle = between(random, 0, 2 * Math.PI);
    const cos = Math.cos(angle) / radius;
    const sin = Math.sin(angle) / radius;
    return (x, y) => {
      const dx = x - centerX;
      const dy = y - centerY;
      return edgeCoverage(radius * distance(cos * dx + sin * dy, cos * dy - sin * dx));
    };
  };

/** A sampler of textures: patterns with period 1 that fill the image, scaled to a period of `low` to `high` pixels. */
const textureSampler =
  (distance: Distance, { low, high }: { low: number; high: number }): SampleShape =>
  (random) => {
    const period = between(random, low, high);
    const angle = between(random, 0, 2 * Math.PI);
    const cos = Math.cos(angle) / period;
    const sin = Math.sin(angle) / period;
    const shiftX = random();
    const shiftY = random();
    return (x, y) => edgeCoverage(period * distance(cos * x + sin * y + shiftX, cos * y - sin * x + shiftY));
  };

/** The distance of `x` from the nearest integer. */
const distanceToInteger = (x: number) => Math.abs(x - Math.round(x));

const box = (x: number, y: number, halfWidth: number, halfHeight: number) =>
  Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);

/** Half the angle between two points of the star. */
const HALF_POINT = Math.PI / 5;

const outlines = {
  disc: (x, y) => Math.hypot(x, y) - 0.95,
  ring: (x, y) => Math.abs(Math.hypot(x, y) - 0.78) - 0.22,
  square: (x, y) => box(x, y, 0.85, 0.85),
  triangle: (x, y) => Math.max(y, Math.abs(x) * Math.cos(Math.PI / 6) - y / 2) - 0.58,
  cross: (x, y) => Math.min(box(x, y, 1.05, 0.3), box(x, y, 0.3, 1.05)),
  star: (x, y) => {
    // One of ten equal wedges: the line between a point of the star, at (1.15, 0), and a notch at radius 0.5.
    const angle = Math.atan2(y, x);
    const wedgeAngle = Math.abs(angle - 2 * HALF_POINT * Math.round(angle / (2 * HALF_POINT)));
    const radius = Math.hypot(x, y);
    const notchX = 0.5 * Math.cos(HALF_POINT) - 1.15;
    const notchY = 0.5 * Math.sin(HALF_POINT);
    const along = radius * Math.cos(wedgeAngle) - 1.15;
    return (notchY * along - notchX * radius * Math.sin(wedgeAngle)) / Math.hypot(notchX, notchY);
  },
  crescent: (x, y) => Math.max(Math.hypot(x, y) - 1, 0.75 - Math.hypot(x - 0.5, y)),
} satisfies Record<string, Distance>;

const patterns = {
  stripes: (x) => distanceToInteger(x) - 0.25,
  checkerboard: (x, y) => {
    // Two fields per period: inside where both, or neither, of x and y are in the first half.
    const a = distanceToInteger(x) - 0.25;
    const b = distanceToInteger(y) - 0.25;
    return a * b > 0 ? -Math.min(Math.abs(a), Math.abs(b)) : Math.min(Math.abs(a), Math.abs(b));
  },
  spots: (x, y) => {
    // Rows of spots; every other row is shifted by half a period.
    const row = Math.round(y / 0.87);
    return Math.hypot(distanceToInteger(x + 0.5 * (row & 1)), y - row * 0.87) - 0.26;
  },
} satisfies Record<string, Distance>;

/** The sampler of each class by name, in the order of the labels. */
export const SHAPE_SAMPLERS: Readonly<Record<string, SampleShape>> = {
  disc: objectSampler(outlines.disc),
  ring: objectSampler(outlines.ring),
  square: objectSampler(outlines.square),
  triangle: objectSampler(outlines.triangle),
  cross: objectSampler(outlines.cross),
  star: objectSampler(outlines.star),
  crescent: objectSampler(outlines.crescent),
  stripes: textureSampler(patterns.stripes, { low: 6, high: 12 }),
  checkerboard: textureSampler(patterns.checkerboard, { low: 9, high: 16 }),
  spots: textureSampler(patterns.spots, { low: 7, high: 12 }),
};
