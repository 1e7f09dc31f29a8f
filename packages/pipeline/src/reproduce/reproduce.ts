import type { TrainingProgress } from '@convlens/training-callbacks';
import type { DrawOptions } from '../draw.js';
import type { ReportDetail } from '../report/detail.js';
import type { LoadImages, PlannedNetwork, ReproductionPlan } from './plan.js';
import { reproduceNetwork } from './reproduce-network.js';
import type { ReproductionResults } from './results.js';

export interface ReproduceOptions extends Omit<DrawOptions, 'store' | 'onFigure'> {
  load: LoadImages;
  /** What computes, and its build. */
  backend: string;
  /** Versions of what takes part, by name. */
  versions: Readonly<Record<string, string>>;
  /** Where the data sets lie, for run.json. */
  dataDir?: string;
  /** How closely the report looks. Default 'normal'. */
  detail?: ReportDetail;
  /** What a reader of the page of results must know of this run, such as what is special about its images: a sentence. It stays until another is given. */
  note?: string;
  /** Told when a step begins: its network by the recipe's name, and what it is. */
  onStep?: (network: string, step: string) => void;
  onTraining?: (network: PlannedNetwork, progress: TrainingProgress) => void;
  /** Told of what a reader should know, such as a damaged checkpoint that was passed over. */
  onNotice?: (message: string) => void;
  /** Told of the results of a network when they are there. */
  onResults?: (results: ReproductionResults, network: PlannedNetwork) => void;
}

/**
 * Does a source again, as planned: for each network trains, evaluates on the test images, takes every look, writes the
 * report and the comparison with what the source says. Ended anywhere, it goes on from there when it is planned and
 * called again; a training goes on from its last whole epoch, to the same weights.
 */
export async function reproduce(
  plan: ReproductionPlan,
  options: ReproduceOptions,
): Promise<ReproductionResults[]> {
  const all: ReproductionResults[] = [];
  for (const planned of plan.networks) {
    const results = await reproduceNetwork(planned, { ...options, ...plan });
    options.onResults?.(results, planned);
    all.push(results);
  }
  return all;
}
