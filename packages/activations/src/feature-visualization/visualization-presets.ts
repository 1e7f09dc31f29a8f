import type { VisualizationPreset } from './visualization-options.js';

const toDegrees = (radians: number) => (radians * 180) / Math.PI;

/**
 * Options of `visualizeFeatures` by the images of a data set; each option can be replaced. The
 * transformations of `mnist` and `svhn`, and noise and steps of `cifar10`, are those of a course project that
 * visualized features of small models. Classes are optimized by their margin: the logit of one class rises
 * with those of others in some models, so that an image of it is predicted as no class with certainty. `lucid` follows Olah, Mordvintsev and Schubert, Feature Visualization
 * (2017), with the jitter scaled from 224 to 32 pixels.
 */
export const visualizationPresets = {
  /** Strokes on black. */
  mnist: {
    score: 'margin',
    start: 'zeros',
    range: 'clip',
    transformations: [
      { kind: 'jitter', pixels: 1 },
      { kind: 'rotation', degrees: toDegrees(0.05) },
      { kind: 'scale', factor: 0.01 },
    ],
    regularizers: [{ kind: 'blur', size: 3, every: 8 }],
    optimizer: { kind: 'ascent', stepSize: 1 },
    steps: 300,
  },
  /** House numbers, from noise around gray. */
  svhn: {
    score: 'margin',
    start: 'noise',
    range: 'clip',
    transformations: [
      { kind: 'jitter', pixels: 1 },
      { kind: 'rotation', degrees: toDegrees(0.025) },
    ],
    regularizers: [{ kind: 'blur', size: 3, every: 8 }],
    optimizer: { kind: 'ascent', stepSize: 1 },
    steps: 300,
  },
  /** Objects, from noise around gray. */
  cifar10: {
    score: 'margin',
    start: 'noise',
    range: 'clip',
    transformations: [{ kind: 'jitter', pixels: 1 }],
    regularizers: [{ kind: 'blur', size: 3, every: 8 }],
    optimizer: { kind: 'ascent', stepSize: 1 },
    steps: 300,
  },
  /** Fourier coefficients with the colors of photographs, for images of three channels. */
  lucid: {
    score: 'margin',
    start: 'noise',
    noise: 2,
    parametrization: { kind: 'fourier', decay: 1, colors: 'decorrelated' },
    range: 'sigmoid',
    transformations: [
      { kind: 'jitter', pixels: 2 },
      { kind: 'scale', factor: 0.1 },
      { kind: 'rotation', degrees: 5 },
      { kind: 'jitter', pixels: 1 },
    ],
    optimizer: { kind: 'adam', learningRate: 0.05 },
    steps: 256,
  },
} as const satisfies Record<string, VisualizationPreset>;
