import { describe } from 'vitest';
import { testTraining } from './support/robust-training.js';

// test/long has more steps and numbers of threads.
describe('training with 2 threads', () => testTraining({ threads: 2, steps: 100 }));
