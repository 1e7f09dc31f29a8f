import { expectFields, expectRecord, type Evaluation } from '@convlens/core';
import { expectStore, writeJson, type BlobStore } from '@convlens/storage';
import { RUN_FILES } from '../run/run-folder.js';
import type { RunSummary } from '../run/run-summary.js';
import type { EvaluationFile } from './evaluation-file.js';

/**
 * Writes the evaluation of a run on the test images to evaluation.json; does nothing without a summary. Training does not
 * write this file, so that a run may be evaluated while it trains.
 *
 * @param store the run folder, or a folder in its place
 */
export async function saveEvaluation(
  store: BlobStore,
  summary: RunSummary | undefined,
  test: Evaluation,
): Promise<void> {
  expectStore('store', store);
  if (summary !== undefined) expectFields('RunSummary', 'summary', summary, { best: 'object' });
  expectRecord('Evaluation', 'test', test);
  if (!summary) return;
  const { classNames, counts } = test.confusion;
  const size = classNames.length;
  const confusion = classNames.map((_, label) => [...counts.subarray(label * size, (label + 1) * size)]);
  const file: EvaluationFile = { epoch: summary.best.epoch, test: { ...test, confusion } };
  await writeJson(store, RUN_FILES.evaluation, file);
}
