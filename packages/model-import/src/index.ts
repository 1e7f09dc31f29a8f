// Keras
export { importKeras, type ImportKerasOptions } from './keras/import-keras.js';
export { importTfjs, type ImportTfjsOptions, type TfjsArtifacts } from './keras/import-tfjs.js';
export type { ImportedModel, LayerClass } from './keras/build-imported-model.js';
export { kerasLayerNames } from './keras/build-layer.js';
export { registerKerasLayers } from './keras/register-keras-layers.js';
// PyTorch
export { loadStateDict, type LoadStateDictOptions } from './pytorch/load-state-dict.js';
export { readSafetensors, type ReadSafetensorsOptions, type TensorValues } from './pytorch/safetensors.js';
