import type { FigureOptions } from '../src/figure.js';
import * as figures from '../src/index.js';
import * as make from './records.js';

export interface GalleryOptions {
  readonly document?: Document;
  /** CIFAR-10 images to show in place of the made ones. */
  readonly images?: ReturnType<typeof make.makeImages>;
}

const LONG = [
  'a class whose name goes on and on without an end in sight',
  'Ångström–Größe 日本語',
  '<script>alert("x")</script>',
  ...make.CLASS_NAMES.slice(3),
];

type MadeImages = ReturnType<typeof make.makeImages>;
const STRENGTHS = ['brightness', 'contrast', 'noise', 'cutout', 'mixup', 'cutmix', 'shear', 'zoom', 'erase'];

const firstOf = (images: MadeImages): MadeImages => ({
  ...images,
  count: 1,
  pixels: images.pixels.slice(0, images.height * images.width * images.channels),
  labels: images.labels?.slice(0, 1),
});

/** A step that darkens, named as one will. */
function strengthRow(original: MadeImages, step: string): figures.StrengthRow {
  const factors = [0.9, 0.7, 0.5, 0.3, 0.1];
  const pixels = factors.flatMap((factor) => Array.from(original.pixels, (level) => level * factor));
  const images = { ...original, count: 5, labels: undefined, pixels: Float32Array.from(pixels) };
  return { step, images, strengths: factors.map(String) };
}

/** Every figure on fixed records, with the cases that are hard to lay out: what the tests, the eye and the README see. */
export function drawGallery({ document, images = make.makeImages() }: GalleryOptions = {}): Record<
  string,
  SVGSVGElement
> {
  const light: FigureOptions = { document };
  const dark: FigureOptions = { document, theme: 'dark' };
  const history = make.makeHistory();
  const test = { testAccuracy: 0.8498, testLoss: 0.4496 };
  const predictions = [0, 1, 2, 3, 4, 5].map((index) =>
    make.makePrediction({ index, label: index, predicted: index % 3 ? index : 6 }),
  );
  const eight = Array.from({ length: 16 }, (_, i) => i);
  const size = images.height * images.width * images.channels;
  const some = {
    ...images,
    count: 12,
    pixels: images.pixels.slice(0, 12 * size),
    labels: images.labels?.slice(0, 12),
  };
  const flipped = {
    ...some,
    pixels: some.pixels.map((_, i) => some.pixels[i - (i % 96) + 93 - (i % 96) + 2 * (i % 3)] * 0.8),
  };
  const tops = [make.makeTop({ reduction: 'mean' }), make.makeTop({ reduction: 'max' })];
  const long = { ...images, classNames: LONG };
  const hundred = Array.from({ length: 100 }, (_, i) => `${make.CLASS_NAMES[i % 10]} ${i}`);
  const layers = [32, 32, 16, 8, 4].map((side, i) =>
    make.makeMaps({ count: 2, size: side, channels: 16 << i, layer: `conv${i + 1}` }),
  );
  const heatmaps = [3, 5].flatMap((index) =>
    [{}, { size: 8 }, { signed: true }].map((options) => ({ ...make.makeHeatmap(options), index })),
  );
  const { trainingCurves, featureMapGrid, kernelGrid, imageGrid, heatmapOverlay, probabilityBars } = figures;
  return {
    training_curves: trainingCurves(history, { ...light, ...test }),
    training_curves_dark: trainingCurves(history, { ...dark, ...test }),
    training_curves_1: trainingCurves(history.slice(0, 1), { ...light, ...test }),
    training_curves_4: trainingCurves(make.makeHistory({ epochs: 4, validation: false }), light),
    training_curves_close_cuts: trainingCurves(
      make.makeHistory({ epochs: 50, cuts: [10, 11, 12, 48, 49] }),
      light,
    ),
    selected_images: imageGrid(images, { ...light, indices: eight, title: 'Selected images' }),
    predicted_images: imageGrid(long, { ...dark, indices: [0, 1, 2, 3, 4, 5], predictions }),
    augmentation_examples: figures.augmentationExamples({ originals: some, augmented: flipped }, light),
    augmentation_strengths: figures.augmentationStrengths(
      { original: firstOf(images), rows: STRENGTHS.map((step) => strengthRow(firstOf(images), step)) },
      light,
    ),
    augmentation_strengths_few: figures.augmentationStrengths(
      { original: firstOf(images), rows: LONG.slice(0, 2).map((step) => strengthRow(firstOf(images), step)) },
      dark,
    ),
    feature_maps_cat: featureMapGrid(make.makeMaps(), {
      ...light,
      input: images,
      filters: [0, 1, 2, 3, 4, 5, 6, 7],
    }),
    all_feature_maps: featureMapGrid(make.makeMaps(), {
      ...dark,
      input: images,
      colorMap: 'magma',
      scale: 'shared',
    }),
    feature_maps_16: featureMapGrid(make.makeMaps({ size: 8, channels: 64, layer: 'conv2' }), {
      ...light,
      columns: 16,
      colorMap: 'grey',
      scale: 'standardized',
    }),
    feature_map_one: featureMapGrid(make.makeMaps(), { ...light, filters: [5] }),
    feature_map_comparison: figures.featureMapComparison(make.makeMaps(), { ...light, input: images }),
    conv1_filter_kernels: kernelGrid(make.makeKernels(), light),
    kernels_grey: kernelGrid(make.makeKernels({ size: 5, inChannels: 32, filters: 64 }), {
      ...dark,
      scale: 'bank',
      columns: 16,
    }),
    max_activating_filter10: figures.topActivationStrips(
      { tops, images },
      { ...light, filter: 10, showField: true },
    ),
    max_activating_filters: figures.topActivationStrips({ tops, images }, { ...dark, count: 8 }),
    per_class_activation: figures.classActivationBars(make.makeClassActivations(), light),
    per_class_activation_long: figures.classActivationBars(make.makeClassActivations({ classNames: LONG }), {
      ...dark,
      filter: 10,
    }),
    per_class_activation_narrow: figures.classActivationBars(
      make.makeClassActivations({ classNames: LONG }),
      light,
    ),
    top20_activations: figures.topActivationBars(make.makeTop(), { ...light, classNames: make.CLASS_NAMES }),
    top20_activations_long: figures.topActivationBars(make.makeTop(), {
      ...dark,
      classNames: LONG,
      filter: 25,
    }),
    confusion_matrix: figures.confusionMatrix(make.makeConfusion(), light),
    confusion_matrix_dark: figures.confusionMatrix(make.makeConfusion({ classNames: LONG }), dark),
    confusion_matrix_100: figures.confusionMatrix(make.makeConfusion({ classNames: hundred }), light),
    class_probabilities: probabilityBars(make.makePrediction(), { ...light, classNames: make.CLASS_NAMES }),
    class_probabilities_100: probabilityBars(make.makePrediction({ classes: 100, label: 77 }), {
      ...dark,
      classNames: hundred,
      count: 8,
    }),
    unit_activations: figures.unitActivationBars(make.makeUnits(), light),
    layer_progression: figures.layerProgression([...layers, make.makeUnits({ count: 2, channels: 10 })], {
      ...light,
      input: images,
    }),
    heatmap_comparison: figures.heatmapComparison({ heatmaps, images }, light),
    heatmap: heatmapOverlay({ heatmap: make.makeHeatmap(), images }, light),
    heatmap_signed: heatmapOverlay({ heatmap: make.makeHeatmap({ signed: true, size: 8 }), images }, dark),
  };
}
