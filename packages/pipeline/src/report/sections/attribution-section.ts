import { heatmapComparison, heatmapOverlay } from '@convlens/render-d3';
import type { ReportData } from '../data/report-data.js';
import { defineSection, figuresPerExample } from './report-section.js';

type AttributionData = Pick<ReportData, 'gradCam' | 'pixelAttributions' | 'examples' | 'test'>;

const predictedClass = ({ gradCam, test }: AttributionData, position: number) =>
  test.classNames[gradCam[position].classIndex];

export const attributionSection = defineSection<AttributionData>({
  id: 'attribution',
  title: 'Attribution maps',
  text: () =>
    'Grad-CAM (Selvaraju et al., 2017) adds the feature maps of the last convolution, each weighted by ' +
    'its gradient. The ' +
    'result shows the evidence for the predicted class: warm colors are where it is strong. Saliency and ' +
    'guided ' +
    'backpropagation compute an attribution for every pixel: finer, and noisier.',
  figures: [
    figuresPerExample({
      grad_cam_CLASS: (data, { className, position }) => ({
        caption: `The example image of ${className}: evidence for ${predictedClass(data, position)}.`,
        note: 'The color bar at the right maps colors to values. The overlay is half image, half heatmap.',
        facets: { image: className, method: 'Grad-CAM' },
        render: (options) => heatmapOverlay({ heatmap: data.gradCam[position], images: data.test }, options),
      }),
      methods_CLASS: (data, { className, position }) => {
        const { gradCam, pixelAttributions, test } = data;
        const heatmap = gradCam[position];
        const heatmaps = [heatmap, ...pixelAttributions.filter(({ index }) => index === heatmap.index)];
        return {
          caption:
            `The example image of ${className}: attribution to ${predictedClass(data, position)} by ` +
            'several methods.',
          note:
            'Each heatmap has its own color scale: compare where the attribution is high, not how high ' +
            'it is.',
          facets: { image: className, method: 'compared' },
          render: (options) =>
            heatmapComparison({ heatmaps, images: test }, { ...options, layout: 'side-by-side' }),
        };
      },
    }),
  ],
  questions: [
    'Is the evidence on the object, or on what usually surrounds it?',
    'Where do the methods agree, and what does each of them miss?',
  ],
});
