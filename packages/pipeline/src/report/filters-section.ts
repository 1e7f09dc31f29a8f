import type { ExactInput, SimilarFilters } from '@convlens/core';
import { exactInputGrid, featureMapGrid, kernelGrid, similarFilterBars } from '@convlens/render-d3';
import type { ReportMaterials } from './materials.js';
import { fileName, type FigurePlan, type SectionPlan } from './section.js';

const FEW = 8;

export function filtersSection({
  kernels,
  exact,
  similar,
  maps,
  chosen,
  layers,
  test,
}: Pick<ReportMaterials, 'kernels' | 'maps' | 'chosen' | 'layers' | 'test'> &
  Partial<Pick<ReportMaterials, 'exact' | 'similar'>>): SectionPlan {
  const few = Array.from({ length: Math.min(FEW, maps.channels) }, (_, i) => i);
  const ofImage = (image: number, className: string): FigurePlan[] => [
    {
      name: `feature_maps_${fileName(className)}`,
      caption: `The image of ${className} and the first ${few.length} maps of ${maps.layer}, each from its smallest to its largest value.`,
      reading:
        'Yellow is where a filter answers most, dark violet where it answers least; the number is its largest answer.',
      choice: { image: className, maps: 'the first' },
      draw: (options) => featureMapGrid(maps, { ...options, image, input: test, filters: few }),
    },
    {
      name: `all_feature_maps_${fileName(className)}`,
      caption: `All ${maps.channels} maps of ${maps.layer} for the same image.`,
      reading: 'A map of one dark colour with 0 under it: the filter does not answer to this image.',
      choice: { image: className, maps: 'all' },
      draw: (options) => featureMapGrid(maps, { ...options, image, input: test }),
    },
  ];
  const alike = (similar: SimilarFilters): FigurePlan => ({
    name: 'similar_filters',
    caption: `The filters of ${kernels.layer} that are most alike.`,
    reading:
      'The two kernels, how far they go together (1: the same but for strength), and the share of their top images that both have.',
    draw: (options) => similarFilterBars(similar, { ...options, bank: kernels, count: 10 }),
  });
  const wanted = (inputs: readonly ExactInput[]): FigurePlan => ({
    name: 'exact_inputs',
    caption: `What each filter of ${inputs[0].layer} answers to most of all that it could be given.`,
    reading:
      'White, or a full colour, where its weight is positive, black elsewhere: no input gives it a larger answer than the number.',
    draw: (options) => exactInputGrid(inputs, options),
  });
  return {
    id: 'filters',
    title: 'What the first layer sees',
    text:
      `The kernels of ${layers.kernels} and what they make of an image (${maps.layer}). Bright places are where a filter ` +
      'answers; the number under a map is its largest answer, since each map has a scale of its own.',
    figures: [
      {
        name: 'conv1_filter_kernels',
        caption: 'What each filter looks for: edges, colours, or nothing that has a name.',
        reading:
          kernels.inChannels === 3
            ? 'Each kernel as a small picture in colour: it answers most where the image looks like it.'
            : 'White is a large weight, black a small one: it answers most where the image looks like it.',
        draw: (options) => kernelGrid(kernels, options),
      },
      ...(exact?.length ? [wanted(exact)] : []),
      ...(similar?.pairs.length ? [alike(similar)] : []),
      ...chosen.flatMap(({ className }, image) => ofImage(image, className)),
    ],
    questions: [
      'Which filters find edges, and of which direction? Which look for a colour?',
      'Are there filters that do the same work twice?',
      'Are there maps that are dark for every image? What would be lost without their filters?',
    ],
  };
}
