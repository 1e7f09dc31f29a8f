import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { describeDefault, type OptionCase } from '../../../test/support/option-defaults.js';
import { FIGURES } from '../src/figures.js';
import type { FigureOptions } from '../src/index.js';
import { GALLERY } from './gallery/gallery.js';
import { document } from './support/dom.js';
import { makeImages } from './support/records.js';

const NO_DEFAULT = 'no default';
/** The options of every figure; those of `training-curves` are tested. */
const COMMON: Readonly<Record<string, OptionCase>> = {
  document: NO_DEFAULT,
  title: NO_DEFAULT,
  theme: 'shared',
  width: NO_DEFAULT,
};

/** The further options of each figure. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, OptionCase>>>> = {
  'training-curves': {
    theme: ['light', 'dark'],
    bestEpoch: NO_DEFAULT,
    testAccuracy: NO_DEFAULT,
    testLoss: NO_DEFAULT,
    scale: ['linear', 'log'],
    domain: NO_DEFAULT,
    accuracyDomain: NO_DEFAULT,
  },
  'run-comparison': { scale: ['linear', 'log'], domain: NO_DEFAULT, accuracyDomain: NO_DEFAULT },
  'image-grid': { captions: NO_DEFAULT, indices: NO_DEFAULT, predictions: NO_DEFAULT, columns: [8, 7, 9] },
  'augmentation-examples': { columns: [8, 7, 9] },
  // Two for more than eight steps.
  'augmentation-strengths': { columns: [2, 1] },
  'feature-map-grid': {
    colorMap: ['viridis', 'gray'],
    columns: [8, 7],
    filters: NO_DEFAULT,
    image: [0, 1],
    input: NO_DEFAULT,
    scale: ['per-map', 'shared', 'standardized'],
    showMax: [true, false],
  },
  'feature-map-comparison': {
    colorMap: ['viridis', 'gray'],
    filters: [
      [0, 1, 2, 3, 4, 5, 6, 7],
      [0, 1, 2, 3, 4, 5, 6],
    ],
    input: NO_DEFAULT,
    scale: ['per-map', 'shared', 'standardized'],
    showMax: [true, false],
  },
  'layer-progression': { colorMap: ['viridis', 'gray'], columns: [8, 3], input: NO_DEFAULT },
  'unit-activation-bars': { image: [0] },
  'kernel-grid': {
    channel: NO_DEFAULT,
    colorMap: { otherOptions: { channel: 0 }, values: ['gray', 'viridis'] },
    columns: [8, 7, 9],
    filters: NO_DEFAULT,
    scale: ['per-kernel', 'shared'],
  },
  'top-activation-strips': { count: [5, 4], filters: NO_DEFAULT, showReceptiveField: NO_DEFAULT },
  'top-activation-bars': { classNames: NO_DEFAULT, count: [20, 3], filter: NO_DEFAULT },
  'class-activation-bars': { filters: NO_DEFAULT },
  'class-selectivity-bars': { count: [20, 3] },
  'strongest-filter-bars': { count: [20, 3] },
  'similar-filter-bars': { bank: NO_DEFAULT, count: [20, 3] },
  'layer-separability': { nearestClassMean: NO_DEFAULT },
  'probability-bars': { classNames: NO_DEFAULT, count: [20, 3] },
  'roc-curves': { threshold: [0.5, 0.3], count: NO_DEFAULT, isMultiLabel: [false, true] },
  'precision-recall-curves': { threshold: [0.5, 0.3], count: NO_DEFAULT, isMultiLabel: [false, true] },
  'class-metrics-table': { count: [20, 3] },
  'mistake-grid': { count: [16, 3], columns: [8, 7] },
  'heatmap-overlay': { colorMap: ['inferno', 'gray'], opacity: [0.5, 0.6] },
  'heatmap-comparison': {
    // Some of the heatmaps are signed, and their default is 'diverging'.
    colorMap: NO_DEFAULT,
    columns: [6, 2],
    layout: ['overlay', 'side-by-side'],
    opacity: [0.5, 0.6],
  },
  'sanity-check-curves': { measure: ['spearman', 'ssim'] },
  'optimized-image-grid': {
    columns: [8, 3],
    showValue: [true, false],
    toneMapping: ['standardized', 'clipped'],
  },
  'optimal-stimulus-grid': { channels: [16], columns: [8, 7] },
  'score-table': { images: NO_DEFAULT, toneMapping: ['standardized', 'clipped'] },
};

const IMAGES = makeImages();

/** A case of the gallery as a checksum of its SVG. The options of the case go before those of the test. */
const rendered = (id: string, gallery = 'default') => {
  const { render } = GALLERY.find(({ name }) => name === `${id}/${gallery}`)!;
  return (options: FigureOptions) =>
    createHash('md5')
      .update(render({ document, ...options }, IMAGES).outerHTML)
      .digest('hex');
};

function optionNames(id: string): string[] {
  try {
    rendered(id)({ '?': 1 } as FigureOptions);
  } catch (error) {
    return /^Expected the options (.*) of /.exec((error as Error).message)![1].split(', ');
  }
  throw new Error(`Expected ${id} to refuse an unknown option`);
}

describe('the defaults of the options of figures', () => {
  it.each(FIGURES.map(({ id }) => id))('are known for every option of %s', (id) => {
    expect(optionNames(id).sort()).toEqual(Object.keys({ ...COMMON, ...OPTIONS[id] }).sort());
  });

  for (const [id, options] of Object.entries(OPTIONS))
    for (const [option, optionCase] of Object.entries(options))
      describeDefault(rendered(id), option, optionCase, id);

  // The default case outlines the receptive field.
  describeDefault(
    rendered('top-activation-strips', 'long-names'),
    'showReceptiveField',
    [false, true],
    'top-activation-strips',
  );
});
