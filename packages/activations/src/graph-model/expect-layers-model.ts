import { InputError } from '@convlens/core';
import type { GraphNode } from '../model/model-graph.js';
import { isGraphNode } from './graph-node.js';

/**
 * Refuses the nodes of a graph model: TensorFlow.js computes them, but they are no layers with weights and rectifiers that can
 * be read or changed.
 *
 * @param purpose what needs layers, such as "gradients"
 * @throws InputError with the code 'graph-model', which says how to get a layers model
 */
export function expectLayersModel(nodes: readonly GraphNode[], purpose: string): void {
  const node = nodes.find(({ layer }) => isGraphNode(layer));
  if (node)
    throw new InputError(
      `Expected a layers model for ${purpose}, got a graph model (node ${node.name} of class ${node.layer.getClassName()}): save the ` +
        'Keras model as .keras or .h5, and open that. Graph models have predictions, feature maps, statistics, occlusion and Score-CAM',
      { code: 'graph-model' },
    );
}
