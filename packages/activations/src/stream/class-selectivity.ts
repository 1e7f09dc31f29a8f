import type { ClassActivations, ClassSelectivity } from '@convlens/core';

/** The index of the largest number; of equal ones the lowest; -1 if all are NaN. */
const highest = (values: readonly number[]) =>
  values.reduce((best, value, i) => (value > (values[best] ?? -Infinity) ? i : best), -1);

/**
 * How much each filter prefers one class: (highest - rest) / (highest + rest), where `highest` is the mean of the class
 * it answers to most and `rest` the mean of the means of the other classes (class selectivity index; Morcos, Barrett,
 * Rabinowitz and Botvinick, On the importance of single directions for generalization, 2018). 0 for a filter that
 * answers to nothing. The index is made for answers that are never below 0 (after a ReLU): it is NaN where a class mean
 * is negative, and where less than two classes have images.
 */
export function classSelectivity({
  layer,
  reduction,
  classNames,
  filters,
  means,
}: ClassActivations): ClassSelectivity {
  const describe = (filter: number, f: number) => {
    const own = classNames.map((_, label) => means[label * filters.length + f]);
    const classIndex = highest(own);
    const mean = own[classIndex] ?? NaN;
    const others = own.filter((value, label) => label !== classIndex && value === value);
    const restMean = others.reduce((sum, value) => sum + value, 0) / others.length;
    const isDefined = others.length > 0 && own.every((value) => !(value < 0));
    const selectivity = !isDefined ? NaN : mean === 0 ? 0 : (mean - restMean) / (mean + restMean);
    return { filter, selectivity, classIndex, mean, restMean };
  };
  return { layer, reduction, classNames, filters: filters.map(describe) };
}
