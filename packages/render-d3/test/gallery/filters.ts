import * as figures from '../../src/index.js';
import * as method from '../method-records.js';
import * as make from '../records.js';
import { LONG, type Item } from './materials.js';

const TOPS = [make.makeTop({ reduction: 'mean' }), make.makeTop({ reduction: 'max' })];

export const conv1_filter_kernels: Item = (options) => figures.kernelGrid(make.makeKernels(), options);

export const grey_kernels_in_16_columns: Item = (options) =>
  figures.kernelGrid(make.makeKernels({ size: 5, inChannels: 32, filters: 64 }), {
    ...options,
    scale: 'bank',
    columns: 16,
  });

export const tall_kernels: Item = (options) => {
  const bank = { layer: 'conv1d', height: 7, width: 1, inChannels: 1, filters: 24 };
  const values = Float32Array.from({ length: 7 * 24 }, (_, i) => Math.sin(i * i));
  return figures.kernelGrid({ ...bank, values }, options);
};

export const max_activating_filter10: Item = (options, images) =>
  figures.topActivationStrips({ tops: TOPS, images }, { ...options, filter: 10, showField: true });

export const max_activating_filters: Item = (options, images) =>
  figures.topActivationStrips(
    { tops: TOPS, images: { ...images, classNames: LONG } },
    { ...options, count: 8 },
  );

export const per_class_activation: Item = (options) =>
  figures.classActivationBars(make.makeClassActivations(), options);

export const per_class_activation_with_long_names: Item = (options) =>
  figures.classActivationBars(make.makeClassActivations({ classNames: LONG }), { ...options, filter: 10 });

export const per_class_activation_side_by_side: Item = (options) =>
  figures.classActivationBars(make.makeClassActivations({ classNames: LONG }), options);

export const top20_activations: Item = (options) =>
  figures.topActivationBars(make.makeTop(), { ...options, classNames: make.CLASS_NAMES });

export const top20_activations_with_long_names: Item = (options) =>
  figures.topActivationBars(make.makeTop(), { ...options, classNames: LONG, filter: 25 });

export const class_selectivity: Item = (options) =>
  figures.selectivityBars(method.makeSelectivity(), options);

export const class_selectivity_with_long_names: Item = (options) =>
  figures.selectivityBars(method.makeSelectivity(LONG), { ...options, width: 360 });

export const strongest_filters: Item = (options) =>
  figures.strongestFilterBars(method.makeStrongest(), options);

export const similar_filters: Item = (options) =>
  figures.similarFilterBars(method.makeSimilar(), { ...options, bank: make.makeKernels() });

export const similar_filters_by_overlap: Item = (options) =>
  figures.similarFilterBars({ ...method.makeSimilar(), sortedBy: 'overlap' }, options);
