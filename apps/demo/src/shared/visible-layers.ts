import type { LayerSummary, ModelSummary } from '@convlens/core';

/** The input, and layers that output their input during inference. */
const PASS_THROUGH_LAYERS = ['InputLayer', 'Flatten', 'Dropout'];

/** The layers with something to show: feature maps (height x width x channels) or units. */
export const visibleLayers = ({ layers }: ModelSummary): LayerSummary[] =>
  layers.filter(
    ({ className, outputShape }) =>
      !PASS_THROUGH_LAYERS.includes(className) && [1, 3].includes(outputShape.length),
  );
