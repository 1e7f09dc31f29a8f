import { optimizedImageGrid, scoreTable } from '@convlens/render-d3';
import type { MadeImages } from './made-images.js';
import type { ReportMaterials } from './materials.js';
import type { SectionPlan } from './section.js';

export function madeSection(
  { classes, scores, filters }: MadeImages,
  { layers }: Pick<ReportMaterials, 'layers'>,
): SectionPlan {
  return {
    id: 'made',
    title: 'What it would like to see',
    text:
      'Images that were made rather than found: from noise, each step changes the pixels so that one class, or one filter, ' +
      'answers more (Erhan et al., 2009; Olah et al., 2017).',
    figures: [
      {
        name: 'optimized_classes',
        caption: 'An image made for each class.',
        reading:
          'Under each image the score of its class before and after. It need not look like the class: it holds what the network goes by.',
        draw: (options) => optimizedImageGrid(classes, options),
      },
      {
        name: 'scores_of_optimized_classes',
        caption: 'What the network says of these images: the probability of every class.',
        reading:
          'A row an image, a column a class. A dark diagonal: every image is taken for the class that it was made for.',
        draw: (options) => scoreTable(scores, { ...options, images: classes }),
      },
      {
        name: 'optimized_filters',
        caption: `Images made for the first ${filters.length} filters of ${layers.top}.`,
        reading:
          'The pattern that repeats is what the filter looks for; compare it with the images that it answers to most.',
        draw: (options) => optimizedImageGrid(filters, options),
      },
    ],
    questions: [
      'Which of these images would you name as their class, and by what?',
      'Does a filter’s made image agree with the images of the data that it answers to most?',
    ],
  };
}
