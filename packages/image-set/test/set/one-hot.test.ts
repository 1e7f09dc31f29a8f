import { expect, it } from 'vitest';
import { oneHot } from '../../src/index.js';
import { setOf } from './sets.js';

it('oneHot returns 1 for the class of each image and 0 for the others', () => {
  expect([...oneHot(setOf([2, 0]))]).toEqual([0, 0, 1, 1, 0, 0]);
  expect(() => oneHot({ ...setOf([0]), labels: undefined })).toThrow(
    'Expected tiny to have labels, got none',
  );
});
