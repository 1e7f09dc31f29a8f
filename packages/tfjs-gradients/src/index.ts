export { correctGradients } from './correct-gradients.js';
export { GRADIENTS } from './gradients.js';
export type { GradientCorrection } from './gradient-correction.js';
export { registerGradient } from './register-gradient.js';
