// Keras
export {
  importKeras,
  type ImportedModel,
  type ImportKerasOptions,
  type LayerClass,
} from './keras/import-keras.js';
export { kerasLayerNames } from './keras/build-layer.js';
export { registerKerasLayers } from './keras/register-keras-layers.js';
// PyTorch
export { loadStateDict, type LoadStateDictOptions } from './pytorch/load-state-dict.js';
export { readSafetensors, type ReadSafetensorsOptions, type TensorValues } from './pytorch/safetensors.js';

// Types of other packages in these signatures
export type { Preprocessing } from '@convlens/core';
