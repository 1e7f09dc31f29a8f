import { InputError } from '@convlens/core';
import { findValue, nameOfValue, nodeOfValue } from '../model/find-layer.js';
import { isPlainRelu } from '../model/layer-kinds.js';
import type { ModelGraph } from '../model/model-graph.js';
import { leadsTo } from '../model/run-graph.js';
import { receptiveField } from '../model/receptive-field.js';
import type { ObservedLayer } from './observer.js';

/** The input of the plain ReLU layer that outputs `value`; undefined if another layer outputs it. */
function reluInputOf(graph: ModelGraph, value: number): number | undefined {
  const node = nodeOfValue(graph, value);
  return node && isPlainRelu(node.layer) ? node.inputs[0] : undefined;
}

/**
 * The layer with a name or role.
 *
 * @param shapes the shape of each value of the graph for one image, by number
 * @throws InputError if the layer does not exist, or outputs neither feature maps nor units.
 */
export function observedLayer(graph: ModelGraph, shapes: number[][], nameOrRole: string): ObservedLayer {
  const value = findValue(graph, nameOrRole);
  const name = nameOfValue(graph, nameOrRole, value);
  const shape = shapes[value];
  if (shape.length !== 4 && shape.length !== 2)
    throw new InputError(
      `Expected layer to output feature maps or units, got ${name} of shape [${shape.slice(1)}]`,
    );
  const spatial = shape.length === 4;
  const [height, width] = spatial ? shape.slice(1) : [1, 1];
  return {
    name,
    value,
    reluInput: reluInputOf(graph, value),
    height,
    width,
    channels: shape[shape.length - 1],
    spatial,
    dependsOnImages: leadsTo(graph, graph.inputs[0], value),
    receptiveFieldOf: (row, column) => receptiveField(graph, { value, shapes, row, column }),
  };
}

/** The layer of maps that are laid over images. @throws InputError unless it depends on them. */
export function expectLayerOfImages(layer: ObservedLayer): ObservedLayer {
  if (layer.dependsOnImages) return layer;
  throw new InputError(
    `Expected a layer that depends on the images, got ${layer.name}, which depends on other inputs only`,
  );
}
