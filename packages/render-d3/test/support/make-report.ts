import { renderSvg } from '../../src/node.js';
import { layerStatisticsTable, type Report } from '../../src/report.js';
import { classActivationBars, confusionMatrix, featureMapGrid, trainingCurves } from '../../src/index.js';
import * as make from './records.js';

export const HOSTILE = `<script>alert("x")</script><img src=x onerror='alert(1)'>`;

const channel = (count: number, sum: number, zeros: number) => ({
  count,
  sum,
  sumOfSquares: 2 * sum,
  min: 0,
  max: 4,
  zeros,
  nonPositive: zeros,
  histogram: new Float64Array(641),
});

/** A report with every part, and with names that break a page that does not escape them. */
export const makeReport = (): Report => ({
  title: `cifar10-bn-6conv on CIFAR-10`,
  subtitle: `Six convolutions, 816,938 parameters, trained on 45,000 images. Run: ${HOSTILE}`,
  facts: [
    { label: 'Test accuracy', value: '84.98%' },
    { label: 'Test loss', value: 0.4496 },
    { label: 'Best epoch', value: 48 },
    { label: 'Parameters', value: '816,938' },
    { label: 'Optimizer', value: 'Adam 1e-3' },
    { label: HOSTILE, value: HOSTILE },
  ],
  sections: [
    {
      id: 'training',
      title: 'Training',
      text: 'Loss and accuracy after each epoch. Overfitting begins where validation departs from training.',
      figures: [
        {
          name: 'training_curves',
          svg: renderSvg(trainingCurves, make.makeHistory(), { testAccuracy: 0.8498, testLoss: 0.4496 }),
          caption: 'The learning rate was halved three times; each time the validation loss fell.',
        },
        {
          name: 'confusion_matrix',
          svg: renderSvg(confusionMatrix, make.makeConfusion()),
          caption: 'On the test images.',
        },
      ],
      questions: ['Which two classes are confused most, and why?', HOSTILE],
    },
    {
      id: 'maps',
      title: `Feature maps ${HOSTILE}`,
      text: `Maps of the first layer.\n\nBright: high activation. ${HOSTILE}`,
      figures: [
        ...['cat', HOSTILE].flatMap((image) =>
          ['relu1', 'relu2'].map((layer, i) => ({
            name: `maps_${layer}`,
            svg: renderSvg(featureMapGrid, make.makeMaps({ channels: 4 + 4 * i, layer })),
            caption: `Maps of ${layer}.`,
            note: `Bright is high. ${HOSTILE}`,
            facets: { image, layer },
          })),
        ),
        {
          name: `feature_maps_${HOSTILE}`,
          svg: renderSvg(featureMapGrid, make.makeMaps({ channels: 16 }), { input: make.makeImages() }),
          caption: HOSTILE,
        },
        {
          name: 'per_class_activation',
          svg: renderSvg(
            classActivationBars,
            make.makeClassActivations({ classNames: [HOSTILE, 'cat', 'dog'] }),
          ),
        },
      ],
      tables: [
        {
          ...layerStatisticsTable([
            { layer: 'conv1', shape: [32, 32, 32], imageCount: 10, channels: [channel(2000, 900, 10)] },
            { layer: 'relu1', shape: [32, 32, 32], imageCount: 10, channels: [channel(2000, 900, 832)] },
            { layer: 'dense', shape: [10], imageCount: 10, channels: [channel(100, 50, 0)] },
          ]),
          title: 'Statistics of layers',
        },
      ],
      questions: ['Which maps follow edges, which follow colors?'],
    },
  ],
  discussion: {
    text: 'The interpretation is left to the reader.',
    questions: ['What would you try next?'],
  },
  notes: `# First look\nThe maps of the first layer are ${HOSTILE}\n\n- edges\n- colors & more\n\nAnd so on.`,
});
