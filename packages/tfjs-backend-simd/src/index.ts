import { register } from './register.js';

register();

export { BACKEND } from './register.js';
export { setThreadsCount, getThreadsCount } from './threads-count.js';
export { getConvolutionMethod, setConvolutionMethod, type ConvolutionMethod } from './convolution-method.js';
