import type { LayerSummary, ModelSummary } from '@convlens/core';

/** Layers that put out what they are given, in training another way, and the input. */
const PASSED = ['InputLayer', 'Flatten', 'Dropout'];

/** The layers that there is something to see of: maps (height x width x channels) or units. */
export const visibleLayers = ({ layers }: ModelSummary): LayerSummary[] =>
  layers.filter(
    ({ className, outputShape }) => !PASSED.includes(className) && [1, 3].includes(outputShape.length),
  );
