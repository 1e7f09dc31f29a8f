export { buildModel, modelNames, type ModelName } from './build.js';
export type { ModelOptions } from './model-options.js';
export { cifar10Bn6conv } from './cifar10-bn-6conv.js';
export { cifar10Fast, type Cifar10FastOptions } from './cifar10-fast.js';
export { cifar10LeakyStrided } from './cifar10-leaky-strided.js';
export { cifar103conv } from './cifar10-3conv.js';
export { cifar107layer } from './cifar10-7layer.js';
export { kerasCifar10 } from './keras-cifar10.js';
export { mnist5x5 } from './mnist-5x5.js';
export { mnistSmall } from './mnist-small.js';
export { svhn4conv } from './svhn-4conv.js';
export { resnet20, resnet32, resnet56, type ResnetOptions } from './resnet.js';
export { shapes3conv } from './shapes-3conv.js';
export { seededDropout, type SeededDropoutOptions } from './seeded-dropout.js';
export { initializerSeed } from './initializer-seed.js';
export { whitenFirstConvolution, type WhitenOptions } from './whiten.js';
export { formatSummary, summarizeModel } from './summary.js';
export {
  loadModel,
  saveModel,
  type LoadedModel,
  type LoadModelOptions,
  type ModelMetadata,
} from './saved-model.js';
export type { LayerClass } from './layer-classes.js';
