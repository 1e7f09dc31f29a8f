import type { RegistryEntry } from '@convlens/core';
import type { Figure } from './drawing/figure.js';
import { classActivationBars } from './figures/activations/class-activation-bars.js';
import { classSelectivityBars } from './figures/activations/class-selectivity-bars.js';
import { featureMapComparison } from './figures/activations/feature-map-comparison.js';
import { featureMapGrid } from './figures/activations/feature-map-grid.js';
import { groupComparison } from './figures/activations/group-comparison.js';
import { layerProgression } from './figures/activations/layer-progression.js';
import { layerSeparability } from './figures/activations/layer-separability.js';
import { similarFilterBars } from './figures/activations/similar-filter-bars.js';
import { statisticsTable } from './figures/activations/statistics-table.js';
import { strongestFilterBars } from './figures/activations/strongest-filter-bars.js';
import { topActivationBars } from './figures/activations/top-activation-bars.js';
import { topActivationStrips } from './figures/activations/top-activation-strips.js';
import { unitActivationBars } from './figures/activations/unit-activation-bars.js';
import { heatmapComparison } from './figures/attribution/heatmap-comparison.js';
import { heatmapOverlay } from './figures/attribution/heatmap-overlay.js';
import { perturbationCurves } from './figures/attribution/perturbation-curves.js';
import { sanityCheckCurves } from './figures/attribution/sanity-check-curves.js';
import { classMetricsTable } from './figures/evaluation/class-metrics-table.js';
import { confusionMatrix } from './figures/evaluation/confusion-matrix.js';
import { mistakeGrid } from './figures/evaluation/mistake-grid.js';
import { precisionRecallCurves } from './figures/evaluation/precision-recall-curves.js';
import { probabilityBars } from './figures/evaluation/probability-bars.js';
import { rocCurves } from './figures/evaluation/roc-curves.js';
import { optimalStimulusGrid } from './figures/feature-visualization/optimal-stimulus-grid.js';
import { optimizedImageGrid } from './figures/feature-visualization/optimized-image-grid.js';
import { scoreTable } from './figures/feature-visualization/score-table.js';
import { augmentationExamples } from './figures/images/augmentation-examples.js';
import { augmentationStrengths } from './figures/images/augmentation-strengths.js';
import { imageGrid } from './figures/images/image-grid.js';
import { kernelGrid } from './figures/model/kernel-grid.js';
import { networkDiagram } from './figures/model/network-diagram.js';
import { runComparison } from './figures/training/run-comparison.js';
import { trainingCurves } from './figures/training/training-curves.js';

/** A kind of figure. */
export interface FigureEntry extends RegistryEntry {
  /** In kebab case: the name of the function and of its file. */
  readonly id: string;
  readonly title: string;
  /** What the figure shows. */
  readonly description: string;
  /** The type of the records that it renders. */
  readonly record: string;
  readonly figure: Figure<never, never>;
}

/** All figures. The table of the README, the gallery and the snapshots are made from this list. */
export const FIGURES: readonly FigureEntry[] = [
  {
    id: 'training-curves',
    title: 'Training curves',
    description: 'loss and accuracy by epoch, test values, learning-rate cuts, best epoch',
    record: 'EpochRecord[]',
    figure: trainingCurves,
  },
  {
    id: 'run-comparison',
    title: 'Run comparison',
    description: 'loss and accuracy of several runs by epoch',
    record: 'ComparedRun[]',
    figure: runComparison,
  },
  {
    id: 'network-diagram',
    title: 'Network diagram',
    description: 'layers, classes, output shapes, parameters and connections',
    record: 'ModelSummary',
    figure: networkDiagram,
  },
  {
    id: 'image-grid',
    title: 'Image grid',
    description: 'images with label, index and prediction',
    record: 'Images',
    figure: imageGrid,
  },
  {
    id: 'augmentation-examples',
    title: 'Augmentation examples',
    description: 'images above their augmented copies',
    record: '{ originals: Images; augmented: Images }',
    figure: augmentationExamples,
  },
  {
    id: 'augmentation-strengths',
    title: 'Augmentation steps',
    description: 'one image under each augmentation step at several strengths',
    record: '{ original: Images; rows: StrengthRow[] }',
    figure: augmentationStrengths,
  },
  {
    id: 'feature-map-grid',
    title: 'Feature maps',
    description: 'the feature maps, or gradients, of a layer for one image',
    record: 'FeatureMaps | LayerGradients',
    figure: featureMapGrid,
  },
  {
    id: 'feature-map-comparison',
    title: 'Feature maps across images',
    description: 'the feature maps of the same filters for several images',
    record: 'FeatureMaps',
    figure: featureMapComparison,
  },
  {
    id: 'layer-progression',
    title: 'Images through the layers',
    description: 'the mean over the channels after each layer',
    record: 'FeatureMaps[]',
    figure: layerProgression,
  },
  {
    id: 'unit-activation-bars',
    title: 'Unit activations',
    description: 'the activations of a dense layer for one image',
    record: 'FeatureMaps',
    figure: unitActivationBars,
  },
  {
    id: 'statistics-table',
    title: 'Layer statistics',
    description: 'shape, mean, standard deviation, minimum, maximum and sparsity of layers',
    record: 'LayerStatistics[]',
    figure: statisticsTable,
  },
  {
    id: 'kernel-grid',
    title: 'Kernels',
    description: 'the kernels of a convolution as RGB, or one input channel',
    record: 'FilterBank',
    figure: kernelGrid,
  },
  {
    id: 'top-activation-strips',
    title: 'Top activations',
    description: 'the images that filters activate on most, by mean, by max, or both',
    record: '{ topActivations: TopActivations[]; images: Images }',
    figure: topActivationStrips,
  },
  {
    id: 'top-activation-bars',
    title: 'Scores of top activations',
    description: 'the scores of one filter, colored and counted by class',
    record: 'TopActivations',
    figure: topActivationBars,
  },
  {
    id: 'class-activation-bars',
    title: 'Mean activation per class',
    description: 'the mean activation of filters per class, the highest in red',
    record: 'ClassActivations',
    figure: classActivationBars,
  },
  {
    id: 'class-selectivity-bars',
    title: 'Class selectivity',
    description: 'the most selective filters and their preferred classes',
    record: 'ClassSelectivity',
    figure: classSelectivityBars,
  },
  {
    id: 'strongest-filter-bars',
    title: 'Strongest filters',
    description: 'the number of images on which each filter has the highest activation',
    record: 'StrongestFilters',
    figure: strongestFilterBars,
  },
  {
    id: 'similar-filter-bars',
    title: 'Similar filters',
    description: 'pairs of filters that are near-duplicates, with their kernels',
    record: 'SimilarFilters',
    figure: similarFilterBars,
  },
  {
    id: 'layer-separability',
    title: 'Class separability by layer',
    description: 'between-class scatter and nearest-class-mean accuracy of layers',
    record: 'ClassSeparability[]',
    figure: layerSeparability,
  },
  {
    id: 'group-comparison',
    title: 'Groups of images compared',
    description: 'effect sizes between two groups of images, by layer',
    record: 'GroupComparison[]',
    figure: groupComparison,
  },
  {
    id: 'probability-bars',
    title: 'Class probabilities',
    description: 'the predicted class in green, the true class in red if it is another one',
    record: 'Prediction',
    figure: probabilityBars,
  },
  {
    id: 'confusion-matrix',
    title: 'Confusion matrix',
    description: 'images by true and predicted class, recall, precision',
    record: 'ConfusionMatrix',
    figure: confusionMatrix,
  },
  {
    id: 'roc-curves',
    title: 'ROC curves',
    description: 'the receiver operating characteristic of each class against all others, with its area',
    record: 'ClassCurves[]',
    figure: rocCurves,
  },
  {
    id: 'precision-recall-curves',
    title: 'Precision-recall curves',
    description: 'the precision by recall of each class against all others, with average precision',
    record: 'ClassCurves[]',
    figure: precisionRecallCurves,
  },
  {
    id: 'class-metrics-table',
    title: 'Class metrics',
    description: 'precision, recall, F1 score and number of images of each class',
    record: 'ClassMetrics',
    figure: classMetricsTable,
  },
  {
    id: 'mistake-grid',
    title: 'Mistakes',
    description: 'the misclassified images with the highest confidence',
    record: '{ mistakes: Mistakes; images: Images }',
    figure: mistakeGrid,
  },
  {
    id: 'heatmap-overlay',
    title: 'Heatmap',
    description: 'image, heatmap, overlay and color bar',
    record: '{ heatmap: Heatmap; images: Images }',
    figure: heatmapOverlay,
  },
  {
    id: 'heatmap-comparison',
    title: 'Heatmaps compared',
    description: 'heatmaps of several methods or classes, over their images or beside them',
    record: '{ heatmaps: Heatmap[]; images: Images }',
    figure: heatmapComparison,
  },
  {
    id: 'perturbation-curves',
    title: 'Insertion and deletion curves',
    description: 'the class score while pixels change in order of attribution',
    record: 'PerturbationCurve[]',
    figure: perturbationCurves,
  },
  {
    id: 'sanity-check-curves',
    title: 'Sanity checks',
    description: 'the similarity of heatmaps while weights are randomized',
    record: 'SanityCheck[]',
    figure: sanityCheckCurves,
  },
  {
    id: 'optimized-image-grid',
    title: 'Feature visualization',
    description: 'optimized images of filters, layers or classes',
    record: 'OptimizedImage[]',
    figure: optimizedImageGrid,
  },
  {
    id: 'optimal-stimulus-grid',
    title: 'Optimal stimuli',
    description: 'the inputs that maximize the pre-activation of filters',
    record: 'OptimalStimulus[]',
    figure: optimalStimulusGrid,
  },
  {
    id: 'score-table',
    title: 'Class scores',
    description: 'the scores of images, such as optimized ones, by class',
    record: 'ScoreTable',
    figure: scoreTable,
  },
];

// Types of other packages in these signatures
export type { RegistryEntry } from '@convlens/core';
