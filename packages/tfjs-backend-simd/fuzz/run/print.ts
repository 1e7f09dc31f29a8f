import { fillValues } from '../fill.js';
import type { Program } from '../program.js';
import type { Failure } from './run-program.js';

/** A failing program as a script that runs by itself: it prints what it reads. */
export function script(program: Program, { message, setup: { threads, method } }: Failure): string {
  const expected = message.split('\n')[0];
  return [
    `// Seed ${program.seed}, ${threads} threads, convolution method ${method}:`,
    `// ${expected}`,
    "import * as tf from '@tensorflow/tfjs';",
    "import { setConvolutionMethod, setThreadsCount } from '@convlens/tfjs-backend-simd';",
    "await tf.setBackend('simd');",
    `await setThreadsCount(${threads});`,
    `setConvolutionMethod('${method}');`,
    'const read = (name, x) => console.log(name, x.shape, String(x.dataSync?.() ?? x));',
    `const values = ${String(fillValues)};`,
    program.code,
    'console.log(tf.memory().numTensors, "tensors left");',
  ].join('\n');
}
