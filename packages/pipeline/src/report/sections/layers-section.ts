import { groupComparison, layerSeparability, networkDiagram } from '@convlens/render-d3';
import type { ReportData } from '../data/report-data.js';
import { defineSection, figure, fixedFigure } from './report-section.js';

type LayersData = Pick<ReportData, 'modelSummary'> &
  Partial<Pick<ReportData, 'separability' | 'correctVersusWrong'>>;

export const layersSection = defineSection<LayersData>({
  id: 'layers',
  title: 'Layers',
  text: ({ separability }) =>
    separability
      ? 'The architecture of the model, and how well each of its layers separates the classes.'
      : 'The architecture of the model.',
  figures: [
    fixedFigure('network_diagram', {
      caption: 'The layers in order, with their output shapes and parameters.',
      note:
        'The width of a block grows with the channels, its height with the map size. Lines connect a ' +
        'layer to its inputs.',
      render: ({ modelSummary }, options) => networkDiagram(modelSummary, options),
    }),
    figure(
      'layer_separability',
      ({ separability }) =>
        separability && {
          caption: 'How well the outputs of each layer separate the classes.',
          note:
            'To the right, the images of a class are closer to each other than the classes are. At zero, ' +
            'all classes look alike.',
          render: (options) => layerSeparability(separability, options),
        },
    ),
    fixedFigure('correct_and_wrong', {
      isShown: ({ correctVersusWrong = [] }) => correctVersusWrong.length > 0,
      caption: 'The activations of the layers for correctly and for wrongly classified images.',
      note:
        'A mark at zero: the layer does not distinguish the two groups. The RMS effect size of the ' +
        'channels has no ' +
        'sign; the effect size of the whole layer has one.',
      render: ({ correctVersusWrong = [] }, options) => groupComparison(correctVersusWrong, options),
    }),
  ],
  questions: ({ separability }) =>
    separability
      ? [
          'Which layer separates the classes best, and is it the last?',
          'From which layer on do correctly and wrongly classified images differ?',
        ]
      : [],
});
