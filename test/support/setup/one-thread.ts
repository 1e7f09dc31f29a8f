import { setThreadsCount } from '../../../packages/tfjs-backend-simd/src/index.js';

// Runs before each test file of packages that train on the backend simd: Vitest has a worker for each processor already,
// and the number of threads changes no bit.
await setThreadsCount(1);
