import { testKernels } from '../kernels/kernel-tests.js';

testKernels([1, 2, 3, 4, 5, 6, 7, 8]);
