export type { ModelCard, ModelMetrics } from '@convlens/core';
export { loadPretrained, MODEL_CARDS, type PretrainedModel, type PretrainedName } from './load-pretrained.js';
export { writeSafetensors } from './write-safetensors.js';

// Types of other packages in these signatures
export type { LoadedModel } from '@convlens/models';
