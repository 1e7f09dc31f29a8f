import type { Program } from '../program.js';
import type { Random } from '../random.js';
import { NO_ROUNDING } from '../reference/tape.js';
import { expect } from '../reference/values.js';
import { generateGraph } from './generate-graph.js';
import { graphCode } from './graph-code.js';
import { graphShapes } from './graph-model.js';
import { graphReadings } from './graph-readings.js';
import type { Graph } from './graph.js';
import { smallerGraphs } from './smaller-graphs.js';

const isSpecialGraph = ({ input, specialNode }: Graph) =>
  input.kind === 'special' || specialNode !== undefined;

/** What a graph uses: layers with their activations, phases, optimizers. */
function featuresOf({ nodes, phases }: Graph): string[] {
  const layers = nodes.filter(({ layer }) => layer !== 'input');
  const activations = layers.map(({ options }) => options.activation).filter((name) => name !== undefined);
  return [
    ...layers.map(({ layer }) => `layer ${layer}`),
    ...activations.map((name) => `activation ${name}`),
    ...phases.map((phase) => (phase.kind === 'train' ? `optimizer ${phase.optimizer}` : phase.kind)),
  ];
}

/** @throws RangeError if the graph is not valid */
export function graphProgram(graph: Graph, seed: number): Program {
  expect(
    graph.outputs.length > 0 && graph.nodes.length > graph.outputs.length,
    'A graph has an input and an output',
  );
  const shapeOf = graphShapes(graph, NO_ROUNDING);
  return {
    kind: 'graph',
    seed,
    features: featuresOf(graph),
    isSpecial: isSpecialGraph(graph),
    code: graphCode(graph, { shapeOf }),
    readings: (rounding) => graphReadings(graph, rounding),
    *smaller() {
      for (const smaller of smallerGraphs(graph, shapeOf)) yield () => graphProgram(smaller, seed);
    },
  };
}

export const randomGraphProgram = (random: Random, seed: number): Program =>
  graphProgram(generateGraph(random, seed), seed);
