export { importKeras, type ImportedModel, type ImportKerasOptions, type LayerClass } from './import-keras.js';
export { kerasLayerNames } from './build-layer.js';
export { registerKerasLayers } from './register.js';
export { importStateDict, type ImportStateDictOptions } from './import-state-dict.js';
export { readSafetensors, type NamedTensor } from './safetensors.js';
