import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe } from 'vitest';
import { testDamagedGraphs } from '../graph/damaged-graphs.js';

beforeAll(() => tf.setBackend('cpu'));

describe('a damaged graph model', () => testDamagedGraphs());
