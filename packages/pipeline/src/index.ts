export { datasetNames, expectDataset, isImageFolder, loadDataset, type DatasetName, type LoadDatasetOptions } from './datasets.js'; // prettier-ignore
export { defaultSettings, expectSameSettings, expectSettings, type RunSettings } from './settings.js';
export { recipeOf, recipes, recipeTitles, type RecipeName } from './recipes/index.js';
export { scheduleOf } from './schedule.js';
export { preprocessingNames, preprocessingOf, type PreprocessingName } from './preprocessings.js';
export { bestOf, trainRun, type TrainOptions } from './train.js';
export {
  historyTable,
  names as runNames,
  readRun,
  type RunDescription,
  type RunSummary,
} from './run-folder.js';
export { writeRun, type FinishedRun } from './write-run.js';
export { compareRuns, type RunsCompared } from './compare-runs.js';
export { layersToShow, type LayersToShow } from './layers-to-show.js';
export { chooseImages, type ChooseImagesOptions, type ChosenImage } from './choose-images.js';
export { openSubject, type Subject } from './subject.js';
export { fitImages, readImages, type ImageFile } from './unlabelled-images.js';
export { evaluateSubject, keepEvaluation, type EvaluateOptions } from './evaluate.js';
export { testTimeViews, type TestTimeViews } from './test-time-views.js';
export { explain, methodNames } from './explain/explain.js';
export type { ExplainOptions, Explanation } from './explain/request.js';
export { drawFigures, type DrawOptions } from './draw.js';
export { figureNames } from './report/figure-names.js';
export { reportDetails, type ReportDetail } from './report/detail.js';
export { gatherMaterials, type GatherOptions, type ReportMaterials } from './report/materials.js';
export type { FigurePlan, SectionPlan } from './report/section.js';
export { reportImages, type ReportImagesOptions } from './report/report-images.js';
export { reportRun, type ReportRunOptions } from './report/report-run.js';
export { optimizedFigures, type OptimizedFiguresOptions } from './optimized-figures.js';
export { planReproduction, type LoadImages, type PlannedNetwork, type PlanOptions, type ReproductionPlan } from './reproduce/plan.js'; // prettier-ignore
export { reproduce, type ReproduceOptions } from './reproduce/reproduce.js';
export { writeResultsPages, type WriteResultsPagesOptions } from './reproduce/docs.js';
export { caveat, readResults, type ReproductionResults } from './reproduce/results.js';
export type { Claim, Look, Measure, Source, SourceNetwork } from './reproduce/source.js';
export { sourceNames, sourceOf } from './reproduce/sources.js';
