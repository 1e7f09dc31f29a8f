import type { ImageRecipe } from './optimize-images.js';

/** Radians, as the sources of the first two recipes give them. */
const degrees = (radians: number) => (radians * 180) / Math.PI;

/**
 * Settings to start from, by the images that a network reads; each can be replaced. Shifts, turns and scales of `mnist`
 * and `svhn`, and noise and steps of `cifar10`, are those of a course project that visualized features of small networks.
 * `lucid` follows Olah, Mordvintsev, Schubert, Feature Visualization (2017), its shifts scaled from 224 pixels down to 32.
 */
export const imageRecipes = {
  /** Strokes on black. */
  mnist: {
    start: 'zeros',
    range: 'clip',
    transformations: [
      { kind: 'jitter', pixels: 1 },
      { kind: 'rotation', degrees: degrees(0.05) },
      { kind: 'scale', by: 0.01 },
    ],
    regularizers: [{ kind: 'blur', size: 3, every: 8 }],
    optimizer: { kind: 'ascent', step: 1 },
    steps: 300,
  },
  /** House numbers, from noise around grey. */
  svhn: {
    start: 'noise',
    range: 'clip',
    transformations: [
      { kind: 'jitter', pixels: 1 },
      { kind: 'rotation', degrees: degrees(0.025) },
    ],
    regularizers: [{ kind: 'blur', size: 3, every: 8 }],
    optimizer: { kind: 'ascent', step: 1 },
    steps: 300,
  },
  /** Objects, from noise around grey. */
  cifar10: {
    start: 'noise',
    range: 'clip',
    transformations: [{ kind: 'jitter', pixels: 1 }],
    regularizers: [{ kind: 'blur', size: 3, every: 8 }],
    optimizer: { kind: 'ascent', step: 1 },
    steps: 300,
  },
  /** Waves with the colours of photographs, for images of three channels. */
  lucid: {
    start: 'noise',
    noise: 2,
    parametrization: { kind: 'fourier', decay: 1, colours: 'decorrelated' },
    range: 'sigmoid',
    transformations: [
      { kind: 'jitter', pixels: 2 },
      { kind: 'scale', by: 0.1 },
      { kind: 'rotation', degrees: 5 },
      { kind: 'jitter', pixels: 1 },
    ],
    optimizer: { kind: 'adam', rate: 0.05 },
    steps: 256,
  },
} as const satisfies Record<string, ImageRecipe>;
