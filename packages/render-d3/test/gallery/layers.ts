import * as figures from '../../src/index.js';
import * as method from '../method-records.js';
import * as make from '../records.js';
import { LONG, type Item } from './materials.js';

const LAYERS = ['relu1_1', 'relu1_2', 'relu2_1', 'relu2_2', 'relu3_1', 'relu3_2', 'dense1'];

export const feature_maps_cat: Item = (options, images) =>
  figures.featureMapGrid(make.makeMaps(), {
    ...options,
    input: images,
    filters: [0, 1, 2, 3, 4, 5, 6, 7],
  });

export const all_feature_maps: Item = (options, images) =>
  figures.featureMapGrid(make.makeMaps(), { ...options, input: images, colorMap: 'magma', scale: 'shared' });

export const feature_maps_in_16_columns: Item = (options) =>
  figures.featureMapGrid(make.makeMaps({ size: 8, channels: 64, layer: 'conv2' }), {
    ...options,
    columns: 16,
    colorMap: 'grey',
    scale: 'standardized',
  });

export const feature_maps_of_small_values: Item = (options) => {
  const maps = make.makeMaps({ size: 16, channels: 32, layer: 'conv3' });
  const values = maps.values.map((value) => -1.234e-4 * (1 + value));
  return figures.featureMapGrid({ ...maps, values }, { ...options, columns: 16 });
};

export const layer_gradients: Item = (options, images) => {
  const maps = make.makeMaps({ size: 8, channels: 16, layer: 'pool2' });
  const values = maps.values.map((value, i) => (i % 3 ? value : -value) / 100);
  return figures.featureMapGrid(
    { ...maps, values, classIndices: maps.indices.map(() => 3) },
    { ...options, input: images },
  );
};

export const one_feature_map: Item = (options) =>
  figures.featureMapGrid(make.makeMaps({ layer: LONG[0] }), { ...options, filters: [5] });

export const feature_maps_on_a_telephone: Item = (options, images) =>
  figures.featureMapGrid(make.makeMaps(), {
    ...options,
    input: images,
    width: 360,
    filters: [0, 1, 2, 3, 4, 5],
  });

export const filters_across_images: Item = (options, images) =>
  figures.featureMapComparison(make.makeMaps(), { ...options, input: images });

export const dense_activations: Item = (options) => figures.unitActivationBars(make.makeUnits(), options);

export const image_through_the_layers: Item = (options, images) => {
  const layers = [32, 32, 16, 8, 4].map((size, i) =>
    make.makeMaps({ count: 2, size, channels: 16 << i, layer: i ? `conv${i + 1}` : LONG[0] }),
  );
  return figures.layerProgression([...layers, make.makeUnits({ count: 2, channels: 10 })], {
    ...options,
    input: images,
  });
};

export const layer_statistics: Item = (options) =>
  figures.statisticsTable(method.makeStatistics(LAYERS), options);

export const layer_statistics_with_long_names: Item = (options) =>
  figures.statisticsTable(method.makeStatistics([LONG[0], ...LAYERS]), { ...options, width: 500 });

export const layer_separability: Item = (options) =>
  figures.layerSeparability(method.makeSeparability(LAYERS), {
    ...options,
    nearestMeans: method.makeNearestMeans(LAYERS),
  });

export const right_beside_wrong: Item = (options) =>
  figures.groupComparison(method.makeGroups(LAYERS), options);

export const groups_with_long_names: Item = (options) =>
  figures.groupComparison(method.makeGroups([LONG[0], ...LAYERS], [LONG[0], LONG[1]]), {
    ...options,
    width: 360,
  });

export const network_diagram: Item = (options) => figures.networkDiagram(method.makeSummary(), options);

export const network_diagram_with_shortcuts: Item = (options) =>
  figures.networkDiagram(method.makeResidualSummary(LONG[0]), options);
