import * as figures from '../../src/index.js';
import * as method from '../method-records.js';
import * as make from '../records.js';
import { LONG, type Item } from './materials.js';

const HEATMAPS = [3, 5].flatMap((index) =>
  [{}, { size: 8 }, { signed: true }].map((options) => ({ ...make.makeHeatmap(options), index })),
);

export const heatmap: Item = (options, images) =>
  figures.heatmapOverlay({ heatmap: make.makeHeatmap(), images }, options);

export const signed_heatmap: Item = (options, images) =>
  figures.heatmapOverlay({ heatmap: make.makeHeatmap({ signed: true, size: 8 }), images }, options);

export const heatmap_of_a_channel: Item = (options, images) =>
  figures.heatmapOverlay(
    { heatmap: { ...make.makeHeatmap(), classIndex: -1, target: `${LONG[0]}, channel 3` }, images },
    { ...options, colorMap: 'hot' },
  );

export const methods_compared: Item = (options, images) =>
  figures.heatmapComparison({ heatmaps: HEATMAPS, images }, options);

export const saliency_pairs: Item = (options, images) =>
  figures.heatmapComparison(
    { heatmaps: [1, 3, 5].map((index) => ({ ...make.makeHeatmap({ signed: index === 3 }), index })), images },
    { ...options, place: 'beside', title: 'Saliency' },
  );

export const insertion_and_deletion: Item = (options) =>
  figures.perturbationCurves(method.makeCurves(['Grad-CAM', 'Integrated gradients', 'Occlusion']), options);

export const deletion_of_long_names: Item = (options) =>
  figures.perturbationCurves(
    method.makeCurves([...LONG.slice(0, 3), 'saliency', 'random']).filter(({ kind }) => kind === 'deletion'),
    { ...options, width: 420 },
  );

export const sanity_check: Item = (options) =>
  figures.sanityCheckCurves(
    ['Grad-CAM', 'Guided backpropagation'].map((name, i) => method.makeSanityCheck(name, i)),
    options,
  );

export const images_made_for_filters: Item = (options) =>
  figures.optimizedImageGrid(method.makeOptimized({ layers: ['relu2_2'], filters: 16 }), options);

export const bank_of_all_filters: Item = (options) =>
  figures.optimizedImageGrid(
    method.makeOptimized({ layers: ['conv1', 'conv2', LONG[0]], filters: 24, side: 8 }),
    options,
  );

export const bank_of_all_filters_on_a_telephone: Item = (options) =>
  figures.optimizedImageGrid(method.makeOptimized({ layers: ['conv1', 'conv2'], filters: 9, side: 16 }), {
    ...options,
    width: 360,
    tone: 'clipped',
  });

export const images_made_for_classes: Item = (options) =>
  figures.optimizedImageGrid(method.makeOptimizedClasses(make.CLASS_NAMES), options);

export const scores_of_made_images: Item = (options) =>
  figures.scoreTable(method.makeScores(make.CLASS_NAMES), {
    ...options,
    images: method.makeOptimizedClasses(make.CLASS_NAMES),
  });

export const scores_with_long_names: Item = (options) => figures.scoreTable(method.makeScores(LONG), options);

export const exact_inputs: Item = (options) =>
  figures.exactInputGrid(method.makeExactInputs({ filters: 16, channels: 1 }), options);

export const exact_inputs_of_a_deeper_layer: Item = (options) =>
  figures.exactInputGrid(method.makeExactInputs({ filters: 3, channels: 32 }), options);
