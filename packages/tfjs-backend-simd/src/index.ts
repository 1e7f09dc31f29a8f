import { getStartError, register } from './register.js';

register();

export { getStartError };
export { BACKEND_NAME } from './backend-name.js';
export { setGuards } from './guards.js';
export { setThreadsCount, getThreadsCount } from './threads/threads-count.js';
export {
  CONVOLUTION_METHODS,
  getConvolutionMethod,
  setConvolutionMethod,
  type ConvolutionMethod,
} from './convolution/convolution-method.js';
