import { InputError, type ImageSet } from '@convlens/core';
import {
  openModel,
  readRun,
  RUN_FILES,
  type ExplainMethod,
  type OpenModel,
  type RenderFiguresOptions,
  type ReportDetail,
  type RunSummary,
} from '@convlens/pipeline';
import type { BlobStore } from '@convlens/storage';
import type { PlannedModel } from '../plan.js';

/** What the steps after the training share. */
export interface StepContext {
  readonly planned: PlannedModel;
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly detail: ReportDetail;
  /** The methods that the analyses can name. Default EXPLAIN_METHODS. */
  readonly methods?: readonly ExplainMethod[];
  readonly renderOptions: Omit<RenderFiguresOptions, 'store'>;
  /** The weights and images that determine the results of all steps: with others the steps are run again. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly openModel: () => Promise<OpenModel>;
  readonly onStep: (step: string) => void;
}

/** The summary of a run with at least one finished epoch. */
export async function readSummary(store: BlobStore): Promise<RunSummary> {
  const { summary } = await readRun(store);
  if (!summary)
    throw new InputError(`Expected ${RUN_FILES.summary} of the run in ${store.location}, found none`);
  return summary;
}

/** The trained model of a run, which is loaded by the first step that needs it. */
export function lazyModel(store: BlobStore): { open(): Promise<OpenModel>; dispose(): void } {
  let opened: OpenModel | undefined;
  return {
    open: async () => (opened ??= await openModel(store)),
    dispose: () => opened?.model.dispose(),
  };
}
