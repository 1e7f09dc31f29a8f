export { enableWasmTraining } from './wasm-training.js';
