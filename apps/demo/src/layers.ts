import type { LayerSummary, ModelSummary } from '@convlens/core';
import { fillChoices } from './choices.js';
import { find, make } from './dom.js';
import { visibleLayers } from './visible-layers.js';

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
