import { optimizedImageGrid, scoreTable } from '@convlens/render-d3';
import type { FeatureVisualizations } from '../data/feature-visualization.js';
import { defineSection, figure, fixedFigure } from './report-section.js';

export const featureVisualizationSection = defineSection<FeatureVisualizations>({
  id: 'feature-visualization',
  title: 'Feature visualization',
  text: () =>
    'Images that are optimized by gradient ascent, from noise, to activate a class or a filter ' +
    '(Erhan et al., 2009; Olah et al., 2017).',
  figures: [
    fixedFigure('optimized_classes', {
      caption: 'The image that is optimized for each class.',
      note:
        'Under each image: the margin of its class over the others (log-odds) before and after the ' +
        'optimization. It is positive where the class has more than half of the probability. The image ' +
        'need not resemble its class.',
      render: ({ classes }, options) => optimizedImageGrid(classes, options),
    }),
    figure('scores_of_optimized_classes', ({ scores, classes, reached }) => ({
      caption: `The class probabilities of these images. ${reached}`,
      note:
        'One row per image, one column per class. A dark diagonal: every image is predicted as the class ' +
        'that it is optimized for.',
      render: (options) => scoreTable(scores, { ...options, images: classes }),
    })),
    figure('optimized_filters', ({ filters, layer }) => ({
      caption: `The images that are optimized for the first ${filters.length} filters of ${layer}.`,
      note:
        'The repeated pattern is what the filter detects. Compare it with the top activations of the ' +
        'filter.',
      render: (options) => optimizedImageGrid(filters, options),
    })),
  ],
  questions: [
    'Which of these images would you recognize as their class, and by what?',
    'Does the optimized image of a filter agree with its top activations?',
  ],
});
