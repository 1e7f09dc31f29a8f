export type { Figure, FigureOptions } from './figure.js';
export { THEMES, type Palette, type Theme } from './theme.js';
export { trainingCurves, type TrainingCurvesOptions } from './training-curves.js';
export { imageGrid, type ImageGridOptions } from './image-grid.js';
export { augmentationExamples, type AugmentationExamplesOptions } from './augmentation-examples.js';
export {
  augmentationStrengths,
  type AugmentationStrengthsOptions,
  type StrengthRow,
} from './augmentation-strengths.js';
export { featureMapGrid, type FeatureMapGridOptions } from './feature-map-grid.js';
export { featureMapComparison, type FeatureMapComparisonOptions } from './feature-map-comparison.js';
export { MAP_SCALES, type MapScale } from './map-scale.js';
export { kernelGrid, type KernelGridOptions } from './kernel-grid.js';
export { topActivationStrips, type TopActivationStripsOptions } from './top-activation-strips.js';
export { classActivationBars, type ClassActivationBarsOptions } from './class-activation-bars.js';
export { topActivationBars, type TopActivationBarsOptions } from './top-activation-bars.js';
export { confusionMatrix } from './confusion-matrix.js';
export { probabilityBars, type ProbabilityBarsOptions } from './probability-bars.js';
export { heatmapOverlay, type HeatmapOverlayOptions } from './heatmap-overlay.js';
export { heatmapComparison, type HeatmapComparisonOptions } from './heatmap-comparison.js';
export { unitActivationBars, type UnitActivationBarsOptions } from './unit-activation-bars.js';
export { layerProgression, type LayerProgressionOptions } from './layer-progression.js';
export { mistakeGrid, type MistakeGridOptions } from './mistake-grid.js';
export { networkDiagram } from './network-diagram.js';
export { runComparison, type ComparedRun } from './run-comparison.js';
export { statisticsTable } from './statistics-table.js';
export { layerSeparability, type LayerSeparabilityOptions } from './layer-separability.js';
export { groupComparison } from './group-comparison.js';
export {
  selectivityBars,
  similarFilterBars,
  strongestFilterBars,
  type RankingOptions,
  type SimilarFilterBarsOptions,
} from './filter-rankings.js';
export { optimizedImageGrid, type OptimizedImageGridOptions, type Tone } from './optimized-image-grid.js';
export { exactInputGrid, type ExactInputGridOptions } from './exact-input-grid.js';
export { scoreTable, type ScoreTableOptions } from './score-table.js';
export { perturbationCurves } from './perturbation-curves.js';
export { sanityCheckCurves, type SanityCheckCurvesOptions } from './sanity-check-curves.js';
export { COLOR_MAPS, colorTable, type ColorMap } from './color-maps.js';
export type { Subject } from './tiles.js';
export { classColor } from './class-colors.js';
export { measureText, type TextStyle } from './measure.js';
export { serialize } from './serialize.js';
export { mount, type Choice, type MountedFigure, type MountOptions } from './mount.js';
