import { groupComparison, layerSeparability, networkDiagram } from '@convlens/render-d3';
import type { ReportMaterials } from './materials.js';
import type { FigurePlan, SectionPlan } from './section.js';

export function layersSection({ summary, separability, outcomes }: ReportMaterials): SectionPlan {
  const rightBesideWrong: FigurePlan = {
    name: 'right_and_wrong',
    caption: 'How the layers answer to images that the network gets right, beside those it gets wrong.',
    reading:
      'A mark at zero: the two groups look alike to that layer. The size of the effect in a typical channel has no sign; that of the whole layer does.',
    draw: (options) => groupComparison(outcomes, options),
  };
  return {
    id: 'layers',
    title: 'From layer to layer',
    text: 'What the network is made of, and where on the way through it the classes come apart.',
    figures: [
      {
        name: 'network_diagram',
        caption: 'The layers in their order, with what each puts out and how many parameters it has.',
        reading:
          'A block is wider for more channels and higher for larger maps; lines show which layer reads which.',
        draw: (options) => networkDiagram(summary, options),
      },
      {
        name: 'layer_separability',
        caption: 'How well the answers of each layer separate the classes.',
        reading:
          'To the right the images of a class lie closer together than the classes do; at zero all classes look alike.',
        draw: (options) => layerSeparability(separability, options),
      },
      ...(outcomes.length ? [rightBesideWrong] : []),
    ],
    questions: [
      'Which layer separates the classes best, and is it the last?',
      'From which layer on do right and wrong images differ?',
    ],
  };
}
