// Figures: training
export { trainingCurves, type TrainingCurvesOptions } from './figures/training/training-curves.js';
export type { CurveAxisOptions } from './figures/training/loss-axis.js';
export type { ValueScale } from './charts/value-scale.js';
export {
  runComparison,
  type ComparedRun,
  type RunComparisonOptions,
} from './figures/training/run-comparison.js';
// Figures: images
export { imageGrid, type ImageGridOptions } from './figures/images/image-grid.js';
export {
  augmentationExamples,
  type AugmentationExamplesOptions,
} from './figures/images/augmentation-examples.js';
export {
  augmentationStrengths,
  type AugmentationStrengthsOptions,
  type StrengthRow,
} from './figures/images/augmentation-strengths.js';
// Figures: evaluation
export { confusionMatrix } from './figures/evaluation/confusion-matrix.js';
export { mistakeGrid, type MistakeGridOptions } from './figures/evaluation/mistake-grid.js';
export { probabilityBars, type ProbabilityBarsOptions } from './figures/evaluation/probability-bars.js';
export {
  classMetricsTable,
  type ClassMetricsTableOptions,
} from './figures/evaluation/class-metrics-table.js';
export type { ClassCurveOptions } from './figures/evaluation/class-curve-figure.js';
export { precisionRecallCurves } from './figures/evaluation/precision-recall-curves.js';
export { rocCurves } from './figures/evaluation/roc-curves.js';
// Figures: model
export { networkDiagram } from './figures/model/network-diagram.js';
export { kernelGrid, type KernelGridOptions, type KernelScale } from './figures/model/kernel-grid.js';
// Figures: activations
export { featureMapGrid, type FeatureMapGridOptions } from './figures/activations/feature-map-grid.js';
export {
  featureMapComparison,
  type FeatureMapComparisonOptions,
} from './figures/activations/feature-map-comparison.js';
export type { FeatureMapOptions } from './figures/activations/feature-map-tiles.js';
export { layerProgression, type LayerProgressionOptions } from './figures/activations/layer-progression.js';
export {
  unitActivationBars,
  type UnitActivationBarsOptions,
} from './figures/activations/unit-activation-bars.js';
export { statisticsTable } from './figures/activations/statistics-table.js';
export {
  topActivationStrips,
  type TopActivationStripsOptions,
} from './figures/activations/top-activation-strips.js';
export {
  topActivationBars,
  type TopActivationBarsOptions,
} from './figures/activations/top-activation-bars.js';
export {
  classActivationBars,
  type ClassActivationBarsOptions,
} from './figures/activations/class-activation-bars.js';
export type { FilterRankingOptions } from './figures/activations/filter-ranking.js';
export { strongestFilterBars } from './figures/activations/strongest-filter-bars.js';
export { classSelectivityBars } from './figures/activations/class-selectivity-bars.js';
export {
  similarFilterBars,
  type SimilarFilterBarsOptions,
} from './figures/activations/similar-filter-bars.js';
export {
  layerSeparability,
  type LayerSeparabilityOptions,
} from './figures/activations/layer-separability.js';
export { groupComparison } from './figures/activations/group-comparison.js';
// Figures: attribution
export { heatmapOverlay, type HeatmapOverlayOptions } from './figures/attribution/heatmap-overlay.js';
export {
  heatmapComparison,
  type HeatmapComparisonOptions,
  type HeatmapLayout,
} from './figures/attribution/heatmap-comparison.js';
export { perturbationCurves } from './figures/attribution/perturbation-curves.js';
export {
  sanityCheckCurves,
  type SanityCheckCurvesOptions,
  type SimilarityMeasure,
} from './figures/attribution/sanity-check-curves.js';
// Figures: feature visualization
export {
  optimizedImageGrid,
  type OptimizedImageGridOptions,
} from './figures/feature-visualization/optimized-image-grid.js';
export {
  optimalStimulusGrid,
  type OptimalStimulusGridOptions,
} from './figures/feature-visualization/optimal-stimulus-grid.js';
export { scoreTable, type ScoreTableOptions } from './figures/feature-visualization/score-table.js';
export type { ToneMapping } from './figures/feature-visualization/tone-mapping.js';
// What figures share
export type { Figure, FigureOptions } from './drawing/figure.js';
export type { MarkDatum } from './drawing/mark-datum.js';
// Colors and text
export { THEMES, type Palette, type Theme } from './drawing/theme.js';
export { COLOR_MAPS, colorTable, type ColorMap } from './drawing/color-maps.js';
export { MAX_GRID_FILTERS, type FilterChoice } from './drawing/choose-filters.js';
export { COLOR_SCALES, type ColorScale } from './drawing/color-scale.js';
export { classColor } from './drawing/class-colors.js';
export { measureText, type TextStyle } from './drawing/measure-text.js';
// Figures in a page and as text
export { mount, type MountedFigure, type MountOptions } from './page/mount.js';
export type { SelectedMark } from './page/marks.js';
export { serialize } from './page/serialize.js';

// Types of other packages in these signatures
export type {
  ClassActivations,
  ClassCurves,
  ClassMetrics,
  ClassSelectivity,
  ClassSeparability,
  ConfusionMatrix,
  EpochRecord,
  FeatureMaps,
  FilterBank,
  GroupComparison,
  Heatmap,
  Images,
  LayerGradients,
  LayerStatistics,
  Mistakes,
  ModelSummary,
  NearestClassMean,
  OptimalStimulus,
  OptimizedImage,
  PerturbationCurve,
  Prediction,
  SanityCheck,
  ScoreTable,
  SimilarFilters,
  StrongestFilters,
  TopActivations,
  TrainingRun,
} from '@convlens/core';
