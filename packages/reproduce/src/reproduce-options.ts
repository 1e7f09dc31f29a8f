import type { OptionNames } from '@convlens/core';
import type { Dataset } from '@convlens/image-set/files';
import type { ExplainMethod, RenderFiguresOptions, ReportDetail } from '@convlens/pipeline';
import type { TrainingProgress } from '@convlens/training-callbacks';
import type { LoadImages, PlannedModel } from './plan.js';
import type { ReproductionResults } from './reproduction-results.js';

export interface ReproduceOptions extends Omit<RenderFiguresOptions, 'store' | 'onFigure'> {
  readonly load: LoadImages;
  /** The backend and its build. */
  readonly backend: string;
  /** Versions of the software, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** How much the report computes. Default 'normal'. */
  readonly detail?: ReportDetail;
  /** A remark on this run for its results page, in a sentence. Default: that of the previous call. */
  readonly note?: string;
  /** The data sets that the recipes can name, as for `planReproduction`. Default DATASETS. */
  readonly datasets?: readonly Dataset[];
  /** The methods that the analyses can name. Default EXPLAIN_METHODS. */
  readonly methods?: readonly ExplainMethod[];
  /** Called at the start of each step with the recipe of the model and the name of the step. */
  readonly onStep?: (recipe: string, step: string) => void;
  readonly onTraining?: (planned: PlannedModel, progress: TrainingProgress) => void;
  /** Called with messages such as that a damaged checkpoint was skipped. */
  readonly onWarning?: (message: string) => void;
  /** Called with the results of each model. */
  readonly onResults?: (results: ReproductionResults, planned: PlannedModel) => void;
}

export const REPRODUCE_OPTIONS: OptionNames<ReproduceOptions> = {
  document: true,
  toPng: true,
  signal: true,
  load: true,
  backend: true,
  versions: true,
  detail: true,
  note: true,
  datasets: true,
  methods: true,
  onStep: true,
  onTraining: true,
  onWarning: true,
  onResults: true,
};
