import { expect, it } from 'vitest';
import { methodName } from '../src/index.js';

it('names methods as their papers do, and leaves those it does not know as they are', () => {
  expect(['grad-cam', 'grad-cam-plus-plus', 'smooth-grad'].map(methodName)).toEqual([
    'Grad-CAM',
    'Grad-CAM++',
    'SmoothGrad',
  ]);
  expect(['my method', 'toString'].map(methodName)).toEqual(['my method', 'toString']);
});
