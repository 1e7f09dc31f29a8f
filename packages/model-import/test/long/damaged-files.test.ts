import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe } from 'vitest';
import { testDamagedFiles } from '../../../../test/support/damaged-files.js';
import { DAMAGED_FILES } from '../hdf5/damaged-files.js';
import { DAMAGED_MODEL_FILES } from '../model-files.js';
import { testReplacedBytes } from '../keras/replaced-bytes.js';

beforeAll(() => tf.setBackend('cpu'));

testDamagedFiles({ ...DAMAGED_FILES, ...DAMAGED_MODEL_FILES });
describe('a damaged Keras file', () => testReplacedBytes());
