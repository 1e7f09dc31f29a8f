import { expectString, expectObject, expectFunction, expectFields, expectOptions } from '@convlens/core';
import type { ReproductionPlan } from './plan.js';
import { reproduceModel } from './reproduce-model.js';
import { REPRODUCE_OPTIONS, type ReproduceOptions } from './reproduce-options.js';
import type { ReproductionResults } from './reproduction-results.js';

/**
 * Reproduces a project: for each model trains, evaluates on the test images, computes the analyses, and
 * writes the report and the comparison with the reported results. If it is interrupted, plan and call it
 * again: finished steps are skipped, and training is resumed after the last finished epoch, with the same
 * final weights.
 *
 * @returns the results of each model
 */
export async function reproduce(
  plan: ReproductionPlan,
  options: ReproduceOptions,
): Promise<ReproductionResults[]> {
  expectOptions('reproduce', options, REPRODUCE_OPTIONS);
  expectFields('ReproductionPlan', 'plan', plan, { name: 'string', models: 'list' });
  expectObject('the options of reproduce', options);
  expectFunction('load', options.load);
  expectString('backend', options.backend);
  expectObject('versions', options.versions);
  const allResults: ReproductionResults[] = [];
  for (const planned of plan.models) {
    const results = await reproduceModel(planned, plan, options);
    options.onResults?.(results, planned);
    allResults.push(results);
  }
  return allResults;
}
