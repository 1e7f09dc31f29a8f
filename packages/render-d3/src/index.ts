export type { Figure, FigureOptions } from './figure.js';
export type { Theme } from './theme.js';
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
export type { MapScale } from './map-scale.js';
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
export { COLOR_MAPS, colorTable, type ColorMap } from './color-maps.js';
export { classColor } from './class-colors.js';
export { measureText, type TextStyle } from './measure.js';
export { serialize } from './serialize.js';
