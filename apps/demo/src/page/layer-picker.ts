import { formatCount, type LayerSummary, type ModelSummary } from '@convlens/core';
import { visibleLayers } from '../shared/visible-layers.js';
import { createElement, getById } from './dom.js';
import { renderRadioGroup } from './radio-group.js';

const LAYER_TYPES: Readonly<Record<string, string>> = {
  Conv2D: 'convolution',
  ReLU: 'ReLU',
  LeakyReLU: 'leaky ReLU',
  BatchNormalization: 'batch normalization',
  DepthwiseConv2D: 'depthwise convolution',
  GlobalAveragePooling2D: 'global average pooling',
  Softmax: 'softmax',
  MaxPooling2D: 'max pooling',
  Dense: 'dense',
};

const typeOf = ({ className }: LayerSummary) => LAYER_TYPES[className] ?? className;
const shapeOf = ({ outputShape }: LayerSummary) => outputShape.join(' × ');

export interface LayerPickerOptions {
  /** The name of the selected layer. */
  selected: string;
  onSelect: (layer: string) => void;
}

/** The layers of a model, from input to output. */
export function createLayerPicker(model: ModelSummary, { selected, onSelect }: LayerPickerOptions): void {
  const options = visibleLayers(model).map((layer) => ({
    value: layer.name,
    ariaLabel: `${layer.name}, ${typeOf(layer)}, ${shapeOf(layer)}`,
    children: [
      createElement('b', { textContent: layer.name }),
      createElement('span', { textContent: typeOf(layer) }),
      createElement('small', { textContent: shapeOf(layer) }),
    ],
  }));
  renderRadioGroup(getById('layers'), { name: 'layer', options, selected, onSelect });
  getById('parameters').textContent =
    `${model.name}: ${formatCount(model.parameters, 'parameter')}. ` +
    "Each layer's feature maps are the input of the next.";
}
