import {
  classActivationBars,
  strongestFilterBars,
  topActivationBars,
  topActivationStrips,
} from '@convlens/render-d3';
import type { ReportMaterials } from './materials.js';
import type { SectionPlan } from './section.js';

export function answersSection({
  filters,
  byMean,
  byMax,
  byClass,
  strongest,
  test,
  layers,
}: ReportMaterials): SectionPlan {
  const [first] = filters;
  const { classNames } = test;
  return {
    id: 'answers',
    title: 'What deeper filters answer to',
    text:
      `For filters ${filters.join(', ')} of ${layers.top}: the images that they answer to most, out of all ` +
      `${test.count.toLocaleString('en-US')} test images, by the mean of the map (the whole image) and by its largest ` +
      'value (one place of it).',
    figures: [
      ...filters.map((filter) => ({
        name: `max_activating_filter${filter}`,
        caption: `The five images that filter ${filter} answers to most; outlined is what the place of its largest answer sees.`,
        reading:
          'The strongest at the left. Above by the mean of the map, below by its largest value; under each its score, index and class.',
        draw: (options: object) =>
          topActivationStrips(
            { tops: [byMean, byMax], images: test },
            { ...options, filter, count: 5, showField: true },
          ),
      })),
      {
        name: 'per_class_activation',
        caption: `How strongly filter ${first} answers to each class on average; the highest in red.`,
        reading: 'Bars of like length: the filter does not tell the classes apart.',
        draw: (options) => classActivationBars(byClass, { ...options, filter: first }),
      },
      {
        name: 'top20_activations',
        caption: `The 20 images that filter ${first} answers to most, coloured by class.`,
        reading: 'One colour throughout: the filter stands for a class. The legend counts them.',
        draw: (options) => topActivationBars(byMean, { ...options, filter: first, classNames, count: 20 }),
      },
      {
        name: 'strongest_filters',
        caption: `Which filter of ${layers.top} answers most, counted over the test images.`,
        reading:
          'A bar a filter: for how many images its mean answer is above those of all others. A few long bars: few filters do most of the talking.',
        draw: (options) => strongestFilterBars(strongest, { ...options, count: 10 }),
      },
    ],
    questions: [
      'What do the images of one filter share: a class, a colour, a texture, a shape?',
      'Do the mean and the largest value choose the same images? Why not?',
      'Does any of these filters stand for one class alone?',
      'Why do some filters answer most so often: are they more useful, or only louder?',
    ],
  };
}
