import { expectOneOf, type ImageSet } from '@convlens/core';
import { expectSameClasses } from '../evaluate.js';
import { optimizedFigures } from '../optimized-figures.js';
import type { Subject } from '../subject.js';
import { attributionMethods } from './attribution-methods.js';
import { filterMethods } from './filter-methods.js';
import { layerMethods } from './layer-methods.js';
import { filtersOf, refuse, type ExplainOptions, type Explanation, type Method } from './request.js';
import { trustMethods } from './trust-methods.js';

const methods = {
  ...layerMethods,
  ...filterMethods,
  ...attributionMethods,
  ...trustMethods,
  optimize: async (request) => {
    const { subject, images, options } = request;
    const { classes, signal, onProgress } = options;
    refuse(request, 'target', 'index', 'nth', options.layer === undefined ? 'filters' : 'classes');
    const chosen = options.layer === undefined ? {} : filtersOf(request);
    return optimizedFigures(subject, images, { ...chosen, classes, signal, onProgress });
  },
} satisfies Record<string, Method>;

/** Every method that `explain` knows. */
export const methodNames = Object.keys(methods) as (keyof typeof methods)[];

/** Looks inside a model by one method. */
export async function explain(
  subject: Subject,
  { method, images, ...options }: ExplainOptions & { method: string; images: ImageSet },
): Promise<Explanation> {
  expectSameClasses(subject, images);
  const look: Method = methods[expectOneOf('method', method, methodNames)];
  const request = { method, subject, images, options };
  if (look !== methods['feature-maps']) refuse(request, 'scale', 'columns');
  return look(request);
}
