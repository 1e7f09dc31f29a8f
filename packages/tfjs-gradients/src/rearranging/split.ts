import type { GradientCorrection } from '../gradient-correction.js';

/** TensorFlow.js passes the gradient of a single part as a tensor, where these gradients expect a list. */
const splitting = (kernelName: string): GradientCorrection => ({
  kernelName,
  fault: 'wrong',
  correct: (original) => ({
    ...original,
    gradFunc: (dys, saved, attributes) => original.gradFunc([dys].flat(), saved, attributes),
  }),
});

export const SPLITTING: readonly GradientCorrection[] = [splitting('SplitV'), splitting('Unpack')];
