import { describe } from 'vitest';
import { testTraining } from '../support/robust-training.js';

describe.each([
  [1, 100],
  [2, 1000],
  [3, 100],
])('training with %i threads', (threads, steps) => testTraining({ threads, steps }));
