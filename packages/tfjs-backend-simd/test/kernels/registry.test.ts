import { testKernels } from './kernel-tests.js';

// test/long has more seeds.
testKernels([1, 2, 3, 4]);
