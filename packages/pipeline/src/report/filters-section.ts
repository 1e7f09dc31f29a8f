import { featureMapGrid, kernelGrid } from '@convlens/render-d3';
import type { ReportMaterials } from './materials.js';
import { fileName, type FigurePlan, type SectionPlan } from './section.js';

const FEW = 8;

export function filtersSection({ kernels, maps, chosen, layers, test }: ReportMaterials): SectionPlan {
  const few = Array.from({ length: Math.min(FEW, maps.channels) }, (_, i) => i);
  const ofImage = (image: number, className: string): FigurePlan[] => [
    {
      name: `feature_maps_${fileName(className)}`,
      caption: `The image of ${className} and the first ${few.length} maps of ${maps.layer}, each from its smallest to its largest value.`,
      choice: { image: className, maps: 'the first' },
      draw: (options) => featureMapGrid(maps, { ...options, image, input: test, filters: few }),
    },
    {
      name: `all_feature_maps_${fileName(className)}`,
      caption: `All ${maps.channels} maps of ${maps.layer} for the same image.`,
      choice: { image: className, maps: 'all' },
      draw: (options) => featureMapGrid(maps, { ...options, image, input: test }),
    },
  ];
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
        draw: (options) => kernelGrid(kernels, options),
      },
      ...chosen.flatMap(({ className }, image) => ofImage(image, className)),
    ],
    questions: [
      'Which filters find edges, and of which direction? Which look for a colour?',
      'Are there maps that are dark for every image? What would be lost without their filters?',
    ],
  };
}
