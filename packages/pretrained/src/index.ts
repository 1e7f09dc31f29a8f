export { loadPretrained, PRETRAINED, type PretrainedModel, type PretrainedName } from './load-pretrained.js';
export type { Measured, ModelCard } from './model-card.js';
export { packWeights } from './pack-weights.js';
