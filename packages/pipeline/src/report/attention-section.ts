import { heatmapOverlay } from '@convlens/render-d3';
import type { ReportMaterials } from './materials.js';
import { fileName, type SectionPlan } from './section.js';

export function attentionSection({ heatmaps, chosen, test }: ReportMaterials): SectionPlan {
  return {
    id: 'attention',
    title: 'Where it looks',
    text:
      'Grad-CAM (Selvaraju et al., 2017) adds up the maps of the last convolution, each weighed by how much it speaks for ' +
      'the class that the network chose. Warm places matter for that choice.',
    figures: chosen.map(({ className }, i) => ({
      name: `grad_cam_${fileName(className)}`,
      caption: `The chosen image of ${className}: what speaks for ${test.classNames[heatmaps[i].classIndex]}.`,
      draw: (options) => heatmapOverlay({ heatmap: heatmaps[i], images: test }, options),
    })),
    questions: ['Does it look at the object, or at what usually lies around it?'],
  };
}
