import { heatmapComparison, heatmapOverlay } from '@convlens/render-d3';
import type { ReportMaterials } from './materials.js';
import { fileName, type SectionPlan } from './section.js';

export function attentionSection({
  heatmaps,
  pixelMaps,
  chosen,
  test,
}: Pick<ReportMaterials, 'heatmaps' | 'pixelMaps' | 'chosen' | 'test'>): SectionPlan {
  return {
    id: 'attention',
    title: 'Where it looks',
    text:
      'Grad-CAM (Selvaraju et al., 2017) adds up the maps of the last convolution, each weighed by how much it speaks for ' +
      'the class that the network chose. Warm places matter for that choice. Saliency and guided backpropagation ask the ' +
      'same of every pixel: finer, and noisier.',
    figures: chosen.flatMap(({ className }, i) => {
      const heatmap = heatmaps[i];
      const ofImage = [heatmap, ...pixelMaps.filter(({ index }) => index === heatmap.index)];
      const said = test.classNames[heatmap.classIndex];
      return [
        {
          name: `grad_cam_${fileName(className)}`,
          caption: `The chosen image of ${className}: what speaks for ${said}.`,
          reading:
            'The bar at the right says which colour stands for which value; the overlay is image and heatmap, half and half.',
          choice: { image: className, method: 'Grad-CAM' },
          draw: (options) => heatmapOverlay({ heatmap, images: test }, options),
        },
        {
          name: `methods_${fileName(className)}`,
          caption: `The chosen image of ${className} by several methods: what speaks for ${said}.`,
          reading: 'Each heatmap has a scale of its own: compare where they are strong, not how strong.',
          choice: { image: className, method: 'compared' },
          draw: (options) =>
            heatmapComparison({ heatmaps: ofImage, images: test }, { ...options, place: 'beside' }),
        },
      ];
    }),
    questions: [
      'Does it look at the object, or at what usually lies around it?',
      'Where do the methods agree, and what does each of them leave out?',
    ],
  };
}
