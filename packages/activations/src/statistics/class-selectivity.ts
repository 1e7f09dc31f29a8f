import { expectRecord } from '@convlens/core';
import type { ClassActivations, ClassSelectivity } from '@convlens/core';

/** The position of the largest value, the lowest of equal ones; -1 if all are NaN. */
const argMax = (values: readonly number[]) =>
  values.reduce((best, value, i) => (value > (values[best] ?? -Infinity) ? i : best), -1);

/** The selectivity index of a filter from its class means; NaN for a class without images. */
function selectivityOf(means: readonly number[]) {
  const classIndex = argMax(means);
  const mean = means[classIndex] ?? NaN;
  const others = means.filter((value, label) => label !== classIndex && !Number.isNaN(value));
  const restMean = others.reduce((sum, value) => sum + value, 0) / others.length;
  const isDefined = others.length > 0 && !means.some((value) => value < 0);
  const index = mean === 0 ? 0 : (mean - restMean) / (mean + restMean);
  return { selectivity: isDefined ? index : NaN, classIndex, mean, restMean };
}

/**
 * The class selectivity index of each filter: (highest - rest) / (highest + rest), where `highest` is the
 * largest class mean and `rest` the mean of the means of the other classes (Morcos, Barrett, Rabinowitz and
 * Botvinick, On the importance of single directions for generalization, 2018). 1: the filter activates on one
 * class only; 0: on all classes alike, or on none. The index is defined for activations >= 0, as after a
 * ReLU: it is NaN if a class mean is negative, or fewer than two classes have images.
 */
export function classSelectivity(record: ClassActivations): ClassSelectivity {
  expectRecord('ClassActivations', 'record', record);
  const { layer, reduction, classNames, filters, means } = record;
  const meansOf = (f: number) => classNames.map((_, label) => means[label * filters.length + f]);
  return {
    layer,
    reduction,
    classNames,
    filters: filters.map((filter, f) => ({ filter, ...selectivityOf(meansOf(f)) })),
  };
}
