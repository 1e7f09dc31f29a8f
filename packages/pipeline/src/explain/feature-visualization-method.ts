import type { ExplainMethod } from './explain-method.js';
import { rejectOptions, requestedFilters } from './explain-request.js';
import { featureVisualizationFigures } from './feature-visualization-figures.js';

export const featureVisualizationMethod: ExplainMethod = {
  id: 'feature-visualization',
  title: 'images that are optimized to activate classes, or filters of a layer',
  options: ['layer', 'filters', 'classes', 'score', 'steps', 'recipe'],
  async run(request) {
    const { opened, images, options, signal, onProgress } = request;
    const { classes, score, steps, recipe } = options;
    if (options.layer === undefined) {
      rejectOptions('feature-visualization without a layer', options, ['filters']);
      const chosen = { classes, score, steps, recipe };
      return featureVisualizationFigures(opened, images, { ...chosen, signal, onProgress });
    }
    rejectOptions('feature-visualization of a layer', options, ['classes', 'score']);
    const { layer, filters } = await requestedFilters(request);
    const chosen = { layer, filters, steps, recipe };
    return featureVisualizationFigures(opened, images, { ...chosen, signal, onProgress });
  },
};
