import type { ModelGraph } from './model-graph.js';

/** The shape of each value of a graph, by number, for inputs of these shapes (batch axis first). */
export function inferShapes(graph: ModelGraph, inputShapes: readonly (readonly number[])[]): number[][] {
  const shapes: number[][] = [];
  graph.inputs.forEach((value, i) => (shapes[value] = [...inputShapes[i]]));
  for (const { layer, inputs, outputs } of graph.nodes) {
    // Copies: the layer CenterCrop of TensorFlow.js writes its result into the shape that it is given.
    const [first, ...others] = inputs.map((value) => [...shapes[value]]);
    const result = layer.computeOutputShape(others.length === 0 ? first : [first, ...others]);
    const outputShapes = (Array.isArray(result[0]) ? result : [result]) as number[][];
    outputs.forEach((value, i) => (shapes[value] = outputShapes[i]));
  }
  return shapes;
}
