import { expectModel, expectObject } from '@convlens/core';
import type { OpenModel } from './open-model.js';

/** Throws an InputError if a value is not an open model, as `openModel` returns it: a path or a model alone is none. */
export function expectOpenModel(name: string, opened: Pick<OpenModel, 'model'>): void {
  expectObject(name, opened);
  expectModel(`${name}.model`, opened.model);
}
