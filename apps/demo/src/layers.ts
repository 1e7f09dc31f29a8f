import type { LayerSummary, ModelSummary } from '@convlens/core';
import { fillChoices } from './choices.js';
import { find, make } from './dom.js';

/** Layers that put out what they are given, in training another way, and the input. */
const PASSED = ['InputLayer', 'Flatten', 'Dropout'];

const DOES: Readonly<Record<string, string>> = {
  Conv2D: 'convolution',
  ReLU: 'rectified',
  LeakyReLU: 'leaky rectified',
  BatchNormalization: 'batch norm',
  DepthwiseConv2D: 'depthwise',
  GlobalAveragePooling2D: 'mean of all',
  Softmax: 'softmax',
  MaxPooling2D: 'max pooling',
  Dense: 'dense',
};

const shapeOf = ({ outputShape }: LayerSummary) => outputShape.join(' × ');

/** The layers that there is something to see of. */
export const visibleLayers = ({ layers }: ModelSummary): LayerSummary[] =>
  layers.filter(({ className }) => !PASSED.includes(className));

/** The layers of the network in the order an image goes through them, of which one is looked at. */
export function openLayers(
  model: ModelSummary,
  { chosen, onChoose }: { chosen: string; onChoose: (layer: string) => void },
): void {
  const choices = visibleLayers(model).map((layer) => ({
    value: layer.name,
    name: `${layer.name}, ${DOES[layer.className] ?? layer.className}, ${shapeOf(layer)}`,
    children: [
      make('b', { textContent: layer.name }),
      make('span', { textContent: DOES[layer.className] ?? layer.className }),
      make('small', { textContent: shapeOf(layer) }),
    ],
  }));
  fillChoices(find('layers'), { name: 'layer', choices, chosen, onChoose });
  find('parameters').textContent =
    `${model.name}: ${model.parameters.toLocaleString('en-US')} numbers to learn. An image goes in at the first ` +
    'layer; each hands its maps to the next.';
}
