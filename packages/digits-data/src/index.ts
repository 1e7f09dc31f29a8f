export { DIGITS } from './digits.js';
export { loadMnist, type LoadMnistOptions } from './mnist.js';
export { loadSvhn, type LoadSvhnOptions } from './svhn.js';
