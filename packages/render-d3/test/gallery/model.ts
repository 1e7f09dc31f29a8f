import { kernelGrid, networkDiagram } from '../../src/index.js';
import { makeResidualSummary, makeSummary } from '../support/method-records.js';
import { makeKernels } from '../support/records.js';
import { casesOf } from './cases.js';
import { LONG } from './fixtures.js';

function makeTallKernels() {
  const bank = { layer: 'conv1d', height: 7, width: 1, inChannels: 1, filters: 24 };
  return { ...bank, values: Float32Array.from({ length: 7 * 24 }, (_, i) => Math.sin(i * i)) };
}

export const MODEL_CASES = [
  casesOf(networkDiagram)({
    default: () => [makeSummary()],
    'skip-connections': () => [makeResidualSummary(LONG[0])],
  }),
  casesOf(kernelGrid)({
    default: () => [makeKernels()],
    'gray-in-16-columns': () => [
      makeKernels({ size: 5, inChannels: 32, filters: 64 }),
      { scale: 'shared', columns: 16 },
    ],
    tall: () => [makeTallKernels()],
  }),
];
