export { datasetNames, expectDataset, isImageFolder, loadDataset, type DatasetName, type LoadDatasetOptions } from './datasets.js'; // prettier-ignore
export { defaultSettings, expectSettings, type RunSettings } from './settings.js';
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
export { compareRuns, type RunsCompared } from './compare-runs.js';
export { layersToShow, type LayersToShow } from './layers-to-show.js';
export { chooseImages, type ChooseImagesOptions, type ChosenImage } from './choose-images.js';
export { openSubject, type Subject } from './subject.js';
export { evaluateSubject, keepEvaluation, type EvaluateOptions } from './evaluate.js';
export { explain, methodNames } from './explain/explain.js';
export type { ExplainOptions, Explanation } from './explain/request.js';
export { drawFigures, type DrawOptions } from './draw.js';
export { figureNames } from './report/figure-names.js';
export { reportDetails, type ReportDetail } from './report/detail.js';
export { gatherMaterials, type GatherOptions, type ReportMaterials } from './report/materials.js';
export type { FigurePlan, SectionPlan } from './report/section.js';
export { reportRun, type ReportRunOptions } from './report/report-run.js';
export { optimizedFigures, type OptimizedFiguresOptions } from './optimized-figures.js';
