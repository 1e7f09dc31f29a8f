import { classActivationBars, topActivationBars, topActivationStrips } from '@convlens/render-d3';
import type { ReportMaterials } from './materials.js';
import type { SectionPlan } from './section.js';

export function answersSection({
  filters,
  byMean,
  byMax,
  byClass,
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
        draw: (options: object) =>
          topActivationStrips(
            { tops: [byMean, byMax], images: test },
            { ...options, filter, count: 5, showField: true },
          ),
      })),
      {
        name: 'per_class_activation',
        caption: `How strongly filter ${first} answers to each class on average; the highest in red.`,
        draw: (options) => classActivationBars(byClass, { ...options, filter: first }),
      },
      {
        name: 'top20_activations',
        caption: `The 20 images that filter ${first} answers to most, coloured by class.`,
        draw: (options) => topActivationBars(byMean, { ...options, filter: first, classNames, count: 20 }),
      },
    ],
    questions: [
      'What do the images of one filter share: a class, a colour, a texture, a shape?',
      'Do the mean and the largest value choose the same images? Why not?',
      'Does any of these filters stand for one class alone?',
    ],
  };
}
