import * as tf from '@tensorflow/tfjs';
import { beforeAll } from 'vitest';
import { testDamagedFiles } from '../../../test/support/damaged-files.js';
import { DAMAGED_MODEL_FILES } from './model-files.js';

beforeAll(() => tf.setBackend('cpu'));

testDamagedFiles(DAMAGED_MODEL_FILES, { part: 1 / 40 });
