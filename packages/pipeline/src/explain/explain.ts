import { expectOpenModel } from '../run/expect-open-model.js';
import {
  expectImageArray,
  expectObject,
  expectOptions,
  findEntry,
  InputError,
  isInputError,
  type ImageSet,
  type OptionNames,
} from '@convlens/core';
import { expectSameClasses } from '../evaluation/evaluate.js';
import type { OpenModel } from '../run/open-model.js';
import type {
  ExplainMethod,
  ExplainMethodOptions,
  ExplainOptionName,
  ExplainResult,
} from './explain-method.js';
import { EXPLAIN_METHODS } from './explain-methods.js';
import { rejectOptions } from './explain-request.js';

export interface ExplainOptions extends ExplainMethodOptions {
  /** The id of one of `methods`. */
  readonly method: string;
  /** The methods that can be named. Default EXPLAIN_METHODS. */
  readonly methods?: readonly ExplainMethod[];
  readonly images: ImageSet;
  readonly signal?: AbortSignal;
  /** Called with the number of images, methods or steps done and their total. */
  readonly onProgress?: (done: number, total: number) => void;
}

const EXPLAIN_METHOD_OPTIONS: OptionNames<ExplainMethodOptions> = {
  layer: true,
  filters: true,
  target: true,
  classes: true,
  nth: true,
  index: true,
  colorScale: true,
  columns: true,
  score: true,
  steps: true,
  recipe: true,
};

const EXPLAIN_OPTIONS: OptionNames<ExplainOptions> = {
  method: true,
  methods: true,
  images: true,
  signal: true,
  onProgress: true,
  ...EXPLAIN_METHOD_OPTIONS,
};

/** Names the method in the error of one that does not take graph models. */
async function namingMethod<T>(id: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isInputError(error, 'graph-model')) throw error;
    throw new InputError(`The method ${id} does not take graph models. ${error.message}`, {
      code: 'graph-model',
    });
  }
}

/**
 * Explains a model by one method.
 *
 * @throws InputError if there is no such method, if an option does not apply to it, and as the method does.
 */
export async function explain(opened: OpenModel, explainOptions: ExplainOptions): Promise<ExplainResult> {
  expectOptions('explain', explainOptions, EXPLAIN_OPTIONS);
  expectObject('the options of explain', explainOptions);
  expectOpenModel('opened', opened);
  expectImageArray('images', explainOptions.images);
  const { method: id, methods = EXPLAIN_METHODS, images, signal, onProgress, ...options } = explainOptions;
  const method = findEntry('method', id, methods);
  const optionNames = Object.keys(EXPLAIN_METHOD_OPTIONS) as ExplainOptionName[];
  rejectOptions(
    id,
    options,
    optionNames.filter((name) => !method.options.includes(name)),
  );
  expectSameClasses(opened, images);
  return namingMethod(id, () => method.run({ opened, images, options, signal, onProgress }));
}
