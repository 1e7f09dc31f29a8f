import { beforeEach, expect, it } from 'vitest';
import { instantiateKernels } from '../../src/threads/kernel-module.js';

/* With more rows than 2^31 / chunks, the first row of a chunk needs 64 bits: 64 threads have 192 chunks. */

const ROWS = 12e6;
const CHUNKS = 192;
/** Of the arguments, of the input, and of the output, which has two values a row. */
const [ARGUMENTS, X, Y] = [64, 1 << 16, 1 << 26];

let memory: WebAssembly.Memory;
beforeEach(() => {
  memory = new WebAssembly.Memory({ initial: 2600, maximum: 32768, shared: true });
});

/** Runs the last chunk of a kernel, on rows of which the last holds 5. */
function runLastChunk(kernel: string, args: number[]): void {
  new Float32Array(memory.buffer, X, ROWS)[ROWS - 1] = 5;
  new Int32Array(memory.buffer, ARGUMENTS, args.length).set(args);
  instantiateKernels(memory).exports[kernel](ARGUMENTS, CHUNKS - 1, CHUNKS, 0);
}

const lastRow = (width: number) => [...new Float32Array(memory.buffer, Y + 4 * width * (ROWS - 1), width)];

it('padding of many rows', () => {
  runLastChunk('padImages', [X, Y, 1, ROWS, 1, 1, ROWS, 2, 0, 1, 1]);
  expect(lastRow(2)).toEqual([0, 5]);
});

it('padding of the channels of many pixels', () => {
  runLastChunk('padChannels', [X, Y, ROWS, 1, 2]);
  expect(lastRow(2)).toEqual([5, 0]);
});

it('a convolution of many rows', () => {
  const panel = 1 << 15;
  new Float32Array(memory.buffer, panel, 8)[0] = 3;
  const sizes = [1, ROWS, 1, 1, ROWS, 1, 1];
  runLastChunk('directForward', [X, panel, 0, Y, ...sizes, 1, 1, 1, 1, 1, 1, 0]);
  expect(lastRow(1)).toEqual([15]);
});
