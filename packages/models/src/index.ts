export { buildModel, type BuildModelOptions } from './build-model.js';
// The registry of architectures
export { ARCHITECTURES, architectureNames, type ArchitectureName } from './architectures/registry.js';
export type { Architecture, ModelOptions } from './architectures/model-options.js';
export { cifar10Bn6conv } from './architectures/cifar10-bn-6conv.js';
export { cifar10Fast, type Cifar10FastOptions } from './architectures/cifar10-fast.js';
export { cifar10LeakyStrided } from './architectures/cifar10-leaky-strided.js';
export { cifar10ThreeConv } from './architectures/cifar10-3conv.js';
export { cifar10SevenLayer } from './architectures/cifar10-7layer.js';
export { kerasCifar10 } from './architectures/keras-cifar10.js';
export { mnist5x5 } from './architectures/mnist-5x5.js';
export { mnistSmall } from './architectures/mnist-small.js';
export { svhn4conv } from './architectures/svhn-4conv.js';
export {
  resnet20,
  resnet32,
  resnet56,
  SHORTCUTS,
  type ResnetOptions,
  type Shortcut,
} from './architectures/resnet.js';
export { shapes3conv } from './architectures/shapes-3conv.js';
// Layers and weights
export { seededDropout, type SeededDropoutOptions } from './layers/seeded-dropout.js';
export { initializerSeed } from './layers/initializer-seed.js';
export { whitenFirstConvolution, type WhitenOptions } from './whitening/whiten-first-convolution.js';
// Summary and serialization
export { formatSummary, summarizeModel } from './summary.js';
export { inputShapeOf, type InputShape, type InputShapeOptions } from './input-shape.js';
export {
  loadModel,
  readModelArtifacts,
  saveModel,
  type LoadedModel,
  type LoadModelOptions,
  type ModelMetadata,
} from './serialization/saved-model.js';
export type { ModelArtifacts } from './serialization/model-artifacts.js';
export type { LayerClass } from './serialization/layer-classes.js';

// Types of other packages in these signatures
export type { Images, ModelSummary, Preprocessing, SteppedLayer } from '@convlens/core';
export type { BlobReader, BlobStore } from '@convlens/storage';
