export { findProject, projectNames, PROJECTS } from './projects/projects.js';
export type { Analysis, Measure, Project, ProjectModel, ReportedResult } from './projects/project.js';
export { ALL_RECIPES, PROJECT_RECIPES } from './recipes/project-recipes.js';
export {
  planReproduction,
  runFolders,
  type RunFolder,
  type LoadImages,
  type PlannedModel,
  type PlanOptions,
  type ReproductionPlan,
} from './plan.js';
export type { ImageCounts } from './caveat.js';
export { reproduce } from './reproduce.js';
export type { ReproduceOptions } from './reproduce-options.js';
export { compareResults, type ReproducedRun } from './compare-results.js';
export type { TestTimeAccuracies } from './steps/evaluation-steps.js';
export type { ReproductionResults } from './reproduction-results.js';
export { readResults, REPRODUCTION_FILES } from './results.js';
export {
  readResultsPages,
  RESULTS_INDEX_FILE,
  writeResultsPages,
  type WriteResultsPagesOptions,
} from './results-pages.js';

// Types of other packages in these signatures
export type { EpochRecord, ImageSet } from '@convlens/core';
export type { Dataset } from '@convlens/image-set/files';
export type {
  ExplainMethod,
  ExplainMethodOptions,
  Recipe,
  RenderFiguresOptions,
  ReportDetail,
  RunSettings,
  RunSummary,
  TestTimeAugmentation,
} from '@convlens/pipeline';
export type { ReportTable } from '@convlens/render-d3/report';
export type { BlobReader, BlobStore } from '@convlens/storage';
export type { TrainingProgress } from '@convlens/training-callbacks';
