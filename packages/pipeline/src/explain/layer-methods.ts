import {
  classSeparability,
  compareGroups,
  groupActivations,
  layerStatistics,
  type Groups,
} from '@convlens/activations';
import { expectOneOf, InputError, type GroupComparison } from '@convlens/core';
import { groupComparison, layerSeparability } from '@convlens/render-d3';
import { layerStatisticsTable, type ReportTable } from '@convlens/render-d3/report';
import { toFileName } from '../figures/figure-spec.js';
import type { ExplainMethod, ExplainRequest } from './explain-method.js';
import { defaultLayers, readOptionsOf } from './explain-request.js';

/** The requested layer. Default: all convolutions, or all dense layers. */
const requestedLayers = ({ opened, options: { layer } }: ExplainRequest) =>
  layer ? [layer] : defaultLayers(opened.model);

/** The two requested classes. Default: the correctly and the wrongly classified images. */
function requestedGroups({ images, options: { classes } }: ExplainRequest): Groups {
  if (!classes) return 'outcome';
  if (classes.length !== 2)
    throw new InputError(`Expected two classes to compare, got ${classes.join(', ') || 'none'}`);
  const { classNames, labels } = images;
  for (const name of classes) expectOneOf('classes', name, classNames);
  if (!labels) throw new InputError('Expected images with labels to compare classes, got none');
  return { names: classes, assignments: Array.from(labels, (label) => classes.indexOf(classNames[label])) };
}

function layerRow(layer: string, values: readonly number[]): string[] {
  return [layer, ...values.map((value) => value.toFixed(4))];
}

const statisticsMethod: ExplainMethod = {
  id: 'statistics',
  title: 'mean, standard deviation, extremes and sparsity of layer outputs',
  options: ['layer'],
  async run(request) {
    const options = { layers: requestedLayers(request), ...readOptionsOf(request) };
    const records = await layerStatistics(request.opened.model, request.images, options);
    return { figures: [], table: layerStatisticsTable(records) };
  },
};

const separabilityMethod: ExplainMethod = {
  id: 'separability',
  title: 'class separability by layer',
  options: ['layer'],
  async run(request) {
    const options = { layers: requestedLayers(request), ...readOptionsOf(request) };
    const groups = await groupActivations(request.opened.model, request.images, options);
    const records = groups.map(classSeparability);
    return {
      figures: [
        {
          name: 'layer_separability',
          caption: 'How well the outputs of each layer separate the classes.',
          render: (figureOptions) => layerSeparability(records, figureOptions),
        },
      ],
      table: {
        columns: ['layer', 'scatter between classes / within', 'fraction between classes'],
        rows: records.map(({ layer, ratio, betweenFraction }) => layerRow(layer, [ratio, betweenFraction])),
      },
    };
  },
};

function groupComparisonTable(records: readonly GroupComparison[]): ReportTable {
  const [first, second] = records[0].groupNames;
  return {
    columns: ['layer', `mean of ${first}`, `mean of ${second}`, "Cohen's d", 'RMS effect size'],
    rows: records.map(({ layer, overall, rmsEffectSize }) =>
      layerRow(layer, [...overall.means, overall.effectSize, rmsEffectSize]),
    ),
  };
}

const compareGroupsMethod: ExplainMethod = {
  id: 'compare-groups',
  title: 'activations for two classes, or for correct and wrong predictions',
  options: ['layer', 'classes'],
  async run(request) {
    const groups = await groupActivations(request.opened.model, request.images, {
      layers: requestedLayers(request),
      groups: requestedGroups(request),
      ...readOptionsOf(request),
    });
    const { counts, groupNames } = groups[0];
    const empty = counts.findIndex((count) => count === 0);
    if (empty >= 0)
      throw new InputError(`Expected images of both groups to compare, got none of ${groupNames[empty]}`);
    const records = groups.map((record) => compareGroups(record));
    return {
      figures: [
        {
          name: `compared_${groupNames.map(toFileName).join('_')}`,
          caption: `Activations of the layers for ${groupNames.join(' and ')}.`,
          render: (figureOptions) => groupComparison(records, figureOptions),
        },
      ],
      table: groupComparisonTable(records),
    };
  },
};

/** Methods that summarize layer outputs over a data set. */
export const LAYER_METHODS: readonly ExplainMethod[] = [
  statisticsMethod,
  separabilityMethod,
  compareGroupsMethod,
];
