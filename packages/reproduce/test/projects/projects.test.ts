import { findEntry, idsOf } from '@convlens/core';
import { EXPLAIN_METHODS, figureNames, TEST_TIME_AUGMENTATIONS } from '@convlens/pipeline';
import { layerStatisticsTable } from '@convlens/render-d3/report';
import { describe, expect, it } from 'vitest';
import { ALL_RECIPES, findProject, projectNames, type Analysis } from '../../src/index.js';

/** The names that the figures of an analysis can have. */
function figureNamesOf({ layer = 'classes', classes, filters, colorScale }: Analysis): string[] {
  const groups = classes ?? ['correct', 'wrong'];
  return [
    `${colorScale ? `${colorScale}_` : ''}feature_maps_${layer}_0`,
    `activations_${layer}_0`,
    `channel_maximum_${layer}_0`,
    'layer_progression',
    `optimized_${layer}`,
    'optimized_scores',
    `similar_filters_${layer}`,
    `compared_${groups.join('_')}`,
    ...(Array.isArray(filters) ? filters : []).map((filter) => `top_activations_${layer}_${filter}`),
  ].map((name) => `project_${name}`);
}

const reportFigures = figureNames().map(
  (name) => new RegExp(`^${name.replace(/CLASS$/, '.+').replace(/N$/, '\\d+')}$`),
);

describe('projectNames', () => {
  it('lists the projects, and the models of the one with several', () => {
    expect(projectNames()).toEqual([
      'A',
      'B',
      'C',
      'D',
      'E',
      'D-keras-cifar10-long',
      'cifar10-fast',
      'D-mnist-5x5',
      'D-cifar10-7layer',
      'D-keras-cifar10',
      'D-svhn-4conv',
    ]);
  });
});

describe.each(projectNames())('project %s', (name) => {
  const project = findProject(name);

  it('is plain data with known recipes and explain methods', () => {
    expect(structuredClone(project)).toEqual(project);
    for (const { recipe, analyses } of project.models) {
      expect(idsOf(ALL_RECIPES)).toContain(recipe);
      for (const { method, title, ...options } of analyses) {
        const { options: accepted } = findEntry('method', method, EXPLAIN_METHODS);
        expect(Object.keys(options).filter((option) => !accepted.includes(option as never))).toEqual([]);
        expect(title).toMatch(/\w/);
      }
    }
  });

  it('shows figures of the report and of its analyses', () => {
    for (const { figures, analyses } of project.models) {
      const ofAnalyses = analyses.flatMap(figureNamesOf);
      const unknown = Object.keys(figures).filter(
        (figure) => !ofAnalyses.includes(figure) && !reportFigures.some((pattern) => pattern.test(figure)),
      );
      expect(unknown).toEqual([]);
    }
  });

  it('compares numbers that a run has', () => {
    const statistics = layerStatisticsTable([]).columns;
    for (const { analyses, reportedResults } of project.models)
      for (const { measure } of reportedResults) {
        if (typeof measure === 'string') continue;
        if ('testTimeAugmentation' in measure)
          expect(TEST_TIME_AUGMENTATIONS).toContain(measure.testTimeAugmentation);
        if (!('layer' in measure)) continue;
        expect(statistics).toContain(measure.statistic);
        expect(analyses).toContainEqual(
          expect.objectContaining({ method: 'statistics', layer: measure.layer }),
        );
      }
  });
});
