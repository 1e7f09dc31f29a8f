import {
  channelMaximum,
  classSeparability,
  compareGroups,
  featureMaps,
  groupActivations,
  kernels,
  keyLayers,
  layerOutputs,
  layerStatistics,
  mistakes,
  type Groups,
} from '@convlens/activations';
import { InputError } from '@convlens/core';
import {
  featureMapGrid,
  groupComparison,
  heatmapOverlay,
  kernelGrid,
  layerProgression,
  layerSeparability,
  mistakeGrid,
  unitActivationBars,
} from '@convlens/render-d3';
import { layerStatisticsTable } from '@convlens/render-d3/report';
import { layersToShow } from '../layers-to-show.js';
import { fileName } from '../report/section.js';
import { listOf, pickedBy, readingOf, refuse, type Method, type Request } from './request.js';

/** The layers that were asked for: one by name, or what every convolution puts out. */
const layersOf = ({ subject, options: { layer } }: Request) =>
  layer ? [layer] : layersToShow(subject.model).all;

/** Two classes if they are named, else the images that the model is right and wrong about. */
function twoGroups({ images, options: { classes } }: Request): Groups {
  if (!classes) return 'outcome';
  if (classes.length !== 2)
    throw new InputError(`Expected two classes to compare, got ${classes.join(', ') || 'none'}`);
  const { classNames, labels } = images;
  const unknown = classes.find((name) => !classNames.includes(name));
  if (unknown !== undefined)
    throw new InputError(
      `Expected classes to be among ${classNames.join(', ')}, got ${JSON.stringify(unknown)}`,
    );
  if (!labels) throw new InputError('Expected images with labels to compare classes, got none');
  return { names: classes, of: Array.from(labels, (label) => classes.indexOf(classNames[label])) };
}

/** What layers put out, and what can be told of it. */
export const layerMethods = {
  'feature-maps': async (request) => {
    const { subject, images, options } = request;
    const { layer = layersToShow(subject.model).maps, filters, scale, columns } = options;
    refuse(request, 'target');
    const maps = await featureMaps(subject.model, pickedBy(request), { layer, ...readingOf(request) });
    if (maps.height * maps.width === 1) {
      refuse(request, 'filters', 'scale', 'columns');
      return {
        figures: maps.indices.map((index, image) => ({
          name: `activations_${fileName(maps.layer)}_${index}`,
          caption: `What the units of ${maps.layer} put out for image ${index}.`,
          draw: (look) => unitActivationBars(maps, { ...look, image }),
        })),
      };
    }
    const shown = { input: images, filters: listOf(filters), scale, columns };
    return {
      figures: maps.indices.map((index, image) => ({
        name: `${scale && scale !== 'map' ? `${scale}_` : ''}feature_maps_${fileName(maps.layer)}_${index}`,
        caption: `The maps of ${maps.layer} for image ${index}.`,
        draw: (look) => featureMapGrid(maps, { ...look, ...shown, image }),
      })),
    };
  },
  'channel-maximum': async (request) => {
    const { subject, images, options } = request;
    const { layer = 'last-conv' } = options;
    refuse(request, 'filters', 'target');
    const maps = await channelMaximum(subject.model, pickedBy(request), { layer, ...readingOf(request) });
    return {
      figures: maps.map((heatmap) => ({
        name: `channel_maximum_${fileName(heatmap.layer!)}_${heatmap.index}`,
        caption: `Where ${heatmap.layer} answers to image ${heatmap.index}, whichever filter it is.`,
        draw: (look) => heatmapOverlay({ heatmap, images }, { ...look, colorMap: 'hot' }),
      })),
    };
  },
  'layer-progression': async (request) => {
    const { subject, images, options } = request;
    const layers = options.layer ? [options.layer] : keyLayers(subject.model).map(({ output }) => output);
    refuse(request, 'filters', 'target');
    const records = await layerOutputs(subject.model, pickedBy(request), { layers, ...readingOf(request) });
    return {
      figures: [
        {
          name: `layer_progression${records[0].count === 1 ? `_${records[0].indices[0]}` : ''}`,
          caption: `What becomes of image ${records[0].indices.join(', ')} on the way through the layers.`,
          draw: (look) => layerProgression(records, { ...look, input: images }),
        },
      ],
    };
  },
  kernels: async (request) => {
    const { subject, options } = request;
    const { layer = layersToShow(subject.model).kernels, filters } = options;
    refuse(request, 'target', 'classes', 'nth', 'index');
    const bank = await kernels(subject.model, { layer });
    return {
      figures: [
        {
          name: `kernels_${fileName(bank.layer)}`,
          caption: `The kernels of ${bank.layer}.`,
          draw: (look) => kernelGrid(bank, { ...look, filters: listOf(filters) }),
        },
      ],
    };
  },
  statistics: async (request) => {
    refuse(request, 'target', 'filters', 'classes', 'nth', 'index');
    const options = { layers: layersOf(request), ...readingOf(request) };
    const records = await layerStatistics(request.subject.model, request.images, options);
    return { figures: [], table: layerStatisticsTable(records) };
  },
  separability: async (request) => {
    refuse(request, 'target', 'filters', 'classes', 'nth', 'index');
    const options = { layers: layersOf(request), ...readingOf(request) };
    const groups = await groupActivations(request.subject.model, request.images, options);
    const records = groups.map(classSeparability);
    return {
      figures: [
        {
          name: 'layer_separability',
          caption: 'How well the answers of each layer separate the classes.',
          draw: (look) => layerSeparability(records, look),
        },
      ],
      table: {
        columns: ['layer', 'scatter between classes / within', 'share between classes'],
        rows: records.map(({ layer, ratio, betweenShare }) => [
          layer,
          ratio.toFixed(4),
          betweenShare.toFixed(4),
        ]),
      },
    };
  },
  'compare-groups': async (request) => {
    refuse(request, 'target', 'filters', 'nth', 'index');
    const options = { layers: layersOf(request), groups: twoGroups(request), ...readingOf(request) };
    const groups = await groupActivations(request.subject.model, request.images, options);
    const empty = groups[0].counts.findIndex((count) => count === 0);
    if (empty >= 0)
      throw new InputError(
        `Expected images of both groups to compare, got none of ${groups[0].groupNames[empty]}`,
      );
    const records = groups.map((record) => compareGroups(record));
    const [one, other] = records[0].groupNames;
    return {
      figures: [
        {
          name: `compared_${fileName(one)}_${fileName(other)}`,
          caption: `How the layers answer to ${one} beside ${other}.`,
          draw: (look) => groupComparison(records, look),
        },
      ],
      table: {
        columns: ['layer', `mean of ${one}`, `mean of ${other}`, "Cohen's d", 'typical channel'],
        rows: records.map(({ layer, whole, typicalEffect }) => [
          layer,
          ...[...whole.means, whole.effectSize, typicalEffect].map((value) => value.toFixed(4)),
        ]),
      },
    };
  },
  mistakes: async (request) => {
    refuse(request, 'target', 'layer', 'filters', 'classes', 'nth', 'index');
    const { subject, images } = request;
    const { classNames } = images;
    const record = await mistakes(subject.model, images, { count: 16, ...readingOf(request) });
    return {
      figures: record.entries.length
        ? [
            {
              name: 'mistakes',
              caption: `The surest of ${record.wrong} mistakes in ${record.count} images.`,
              draw: (look) => mistakeGrid({ mistakes: record, images }, look),
            },
          ]
        : [],
      table: {
        columns: ['image', 'is', 'taken for', 'probability'],
        rows: record.entries.map(({ index, label, predicted, confidence }) => [
          index,
          classNames[label],
          classNames[predicted],
          confidence.toFixed(3),
        ]),
      },
    };
  },
} satisfies Record<string, Method>;
