// Keras
export { importKeras, type ImportKerasOptions } from './keras/import-keras.js';
export { importArchitecture, type ImportArchitectureOptions } from './keras/import-architecture.js';
export { importTfjs, type ImportTfjsOptions, type TfjsArtifacts } from './keras/import-tfjs.js';
export type { ImportedModel, LayerClass } from './keras/build-imported-model.js';
export { kerasLayerNames } from './keras/build-layer.js';
export { scalesPixels } from './pixels/scales-pixels.js';
export { registerKerasLayers } from './keras/register-keras-layers.js';
// Graph models of TensorFlow.js
export {
  importGraphModel,
  type GraphArtifacts,
  type ImportGraphModelOptions,
} from './graph/import-graph-model.js';
// PyTorch
export {
  loadStateDict,
  type LoadedStateDict,
  type LoadStateDictOptions,
  type TensorAssignment,
  type StateDict,
} from './pytorch/load-state-dict.js';
export { readSafetensors, type ReadSafetensorsOptions } from './pytorch/safetensors.js';
export { readStateDict, type ReadStateDictOptions } from './pytorch/read-state-dict.js';
export type { TensorValues } from './pytorch/tensor-values.js';

// Types of other packages in these signatures
export type { Preprocessing } from '@convlens/core';
