export { buildModel, modelNames, type ModelName } from './build.js';
export type { ModelOptions } from './model-options.js';
export { cifar10Bn6conv } from './cifar10-bn-6conv.js';
export { shapes3conv } from './shapes-3conv.js';
export { seededDropout, type SeededDropoutOptions } from './seeded-dropout.js';
export { initializerSeed } from './initializer-seed.js';
export { formatSummary, summarizeModel } from './summary.js';
export { loadModel, saveModel, type LoadedModel, type ModelMetadata } from './saved-model.js';
