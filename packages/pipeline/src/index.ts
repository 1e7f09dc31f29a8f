// Data sets and images
export {
  DATASETS,
  expectDataset,
  isFolderPath,
  loadDataset,
  type LoadDatasetOptions,
} from './data/datasets.js';
export { folderOptionsOf } from './data/folder-options.js';
export { parseLabelsFile } from './data/parse-labels-file.js';
export { countClasses } from './data/count-classes.js';
export { selectExamples, type ExampleImage, type SelectExamplesOptions } from './data/select-examples.js';
export {
  adaptImages,
  readUserImages,
  type ImageFile,
  type ImageModel,
  type ReadUserImagesOptions,
} from './data/user-images.js';
export { fitImages, imageShapeOf, type FitImagesOptions, type ImageSize } from './data/fit-images.js';

// Recipes and settings
export { findRecipe, RECIPES } from './recipes/recipes.js';
export type { Recipe } from './recipes/recipe.js';
export type { RunSettings } from './run/run-settings.js';
export {
  defaultSettings,
  expectSettings,
  savedSettings,
  type ExpectSettingsOptions,
} from './run/settings.js';
export type { TrainingImages } from './data/training-images.js';
export type { ImageStream } from '@convlens/image-set/folder';
export { dataName, recordedSettings } from './recorded/recorded-settings.js';
export { expectSameSettings } from './recorded/changed-settings.js';
export { parseSchedule, type ScheduleContext } from './run/schedule.js';
export { preprocessingOf, PREPROCESSINGS, type PreprocessingName } from './run/preprocessings.js';

// Runs
export { trainRun, type TrainOptions } from './run/train.js';
export {
  SEPARATE_VALIDATION,
  splitTrainingImages,
  type SplitSettings,
  type SplitTrainingImagesOptions,
} from './run/split-training-images.js';
export { removeOldCheckpoints, runProgress, type RunProgress } from './run/resume.js';
export {
  historyTable,
  readRun,
  runHistory,
  RUN_FILES,
  type RunContents,
  type RunDescription,
} from './run/run-folder.js';
export type { RunSummary } from './run/run-summary.js';
export { writeRun, type FinishedRun } from './run/write-run.js';
export { writePretrainedRun, type ModelWithCard } from './run/write-pretrained-run.js';
export { openModel, type OpenModel } from './run/open-model.js';
export { DivergedError, expectConverged, expectFiniteLoss } from './divergence/diverged-run.js';
export { epochDivergence } from './divergence/epoch-divergence.js';
export { compareRuns, type RunComparison } from './run/compare-runs.js';

// Evaluation
export { evaluateOpenModel, type EvaluateOpenModelOptions } from './evaluation/evaluate.js';
export {
  evaluateInDetail,
  type DetailedEvaluation,
  type EvaluateInDetailOptions,
} from './evaluation/evaluate-in-detail.js';
export {
  evaluateMultiLabel,
  type EvaluateMultiLabelOptions,
  type MultiLabelEvaluation,
} from './evaluation/evaluate-multi-label.js';
export type { ClassRecords } from './evaluation/class-records.js';
export { evaluationFigures } from './evaluation/evaluation-figures.js';
export { saveEvaluation } from './evaluation/save-evaluation.js';
export type { SavedEvaluation } from './evaluation/evaluation-file.js';
export { TEST_TIME_AUGMENTATIONS, type TestTimeAugmentation } from './evaluation/test-time-augmentation.js';

export { predict, type ImagePrediction, type PredictOptions, type PredictResult } from './predict/predict.js';

// Explanations
export { explain, type ExplainOptions } from './explain/explain.js';
export { EXPLAIN_METHODS } from './explain/explain-methods.js';
export { faithfulnessMethods } from './explain/faithfulness-methods.js';
export { heatmapMethod } from './explain/attribution-methods.js';
export type {
  ExplainMethod,
  ExplainMethodOptions,
  ExplainOptionName,
  ExplainRequest,
  ExplainResult,
} from './explain/explain-method.js';
export {
  featureVisualizationFigures,
  type FeatureVisualizationFiguresOptions,
  type FeatureVisualizationResult,
} from './explain/feature-visualization-figures.js';
export type { VisualizationRecipe } from './explain/visualization-recipe.js';

// Figures
export type { FigureSpec } from './figures/figure-spec.js';
export { renderFigures, type RenderFiguresOptions } from './figures/render-figures.js';
export { representativeLayers, type RepresentativeLayers } from './figures/representative-layers.js';

// Reports
export { reportRun, type ReportRunOptions } from './report/report-run.js';
export { reportImages, type ReportImagesOptions } from './report/report-images.js';
export {
  collectReportData,
  type CollectReportDataOptions,
  type ReportData,
  type TestSetData,
  type LayerGroups,
  type DetailedData,
} from './report/data/report-data.js';
export type { Faithfulness } from './report/data/faithfulness.js';
export type { FeatureVisualizations } from './report/data/feature-visualization.js';
export type { ReportAttributions } from './report/data/attributions.js';
export { REPORT_DETAILS, type ReportDetail } from './report/data/detail.js';
export { figureNames, REPORT_SECTIONS } from './report/sections/report-sections.js';
export {
  defineSection,
  figure,
  figuresPer,
  figuresPerExample,
  type ReportSectionDefinition,
  type SectionFigures,
  type SectionSpec,
  type SectionContent,
  type FigureContent,
  type FiguresPerOptions,
  type DataWithExamples,
  type ExamplePosition,
} from './report/sections/report-section.js';

// Types of other packages in these signatures
export type { AttributionMethod, OutputChoice, VisualizationScore } from '@convlens/activations';
export type { InputShape } from '@convlens/models';
export type {
  EpochRecord,
  Evaluation,
  FeatureMaps,
  FilterBank,
  ImageSet,
  LayerStatistics,
  ModelCard,
  ModelSummary,
  OptimalStimulus,
  OptimizedImage,
  Prediction,
  Preprocessing,
  SimilarFilters,
  TrainingRun,
  Mistakes,
  TopActivations,
  ClassActivations,
  ClassCurves,
  ClassMetrics,
  MultiLabelMetrics,
  StrongestFilters,
  ClassSeparability,
  GroupComparison,
  Heatmap,
  PerturbationCurve,
  SanityCheck,
  ScoreTable,
} from '@convlens/core';
export type { Dataset, FileSource, LoadDatasetSplitOptions } from '@convlens/image-set/files';
export type {
  FolderLayout,
  ImageSource,
  ReadFolderLayoutOptions,
  ResizeFit,
  RgbColor,
} from '@convlens/image-set/folder';
export type {
  LayerClass,
  LoadModelOptions,
  LoadedModel,
  ModelMetadata,
  ModelOptions,
} from '@convlens/models';
export type { ColorScale, FigureOptions, FilterChoice } from '@convlens/render-d3';
export type { ReportSection, ReportTable } from '@convlens/render-d3/report';
export type { BlobReader, BlobStore } from '@convlens/storage';
export type { LearningRateScheduler, TrainingProgress } from '@convlens/training-callbacks';
