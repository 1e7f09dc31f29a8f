import type { ExplainMethod } from './explain-method.js';
import { rejectOptions, requestedFilters } from './explain-request.js';
import { featureVisualizationFigures } from './feature-visualization-figures.js';

export const featureVisualizationMethod: ExplainMethod = {
  id: 'feature-visualization',
  title: 'images that are optimized to activate classes, or filters of a layer',
  options: ['layer', 'filters', 'classes'],
  async run(request) {
    const { opened, images, options, signal, onProgress } = request;
    if (options.layer === undefined) {
      rejectOptions('feature-visualization without a layer', options, ['filters']);
      const { classes } = options;
      return featureVisualizationFigures(opened, images, { classes, signal, onProgress });
    }
    rejectOptions('feature-visualization of a layer', options, ['classes']);
    const { layer, filters } = await requestedFilters(request);
    return featureVisualizationFigures(opened, images, { layer, filters, signal, onProgress });
  },
};
