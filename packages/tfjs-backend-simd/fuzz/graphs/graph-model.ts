import { filled } from '../program.js';
import { Tape, type Node, type Rounding } from '../reference/tape.js';
import { expect, type Precision, type Values } from '../reference/values.js';
import { weightFill, weightSpecs } from './graph-weights.js';
import type { Graph, GraphNode } from './graph.js';
import { LAYERS } from './layers/registry.js';

/** A run of a model through all layers. */
export interface Forward {
  readonly tape: Tape;
  readonly inputs: readonly Node[];
  readonly outputs: readonly Node[];
  /** By node id: the weights of its layer during the run. */
  readonly weights: ReadonlyMap<number, readonly Node[]>;
}

/** What the layers of one run share. */
interface Run {
  readonly tape: Tape;
  readonly training: boolean;
  readonly values: Map<number, Node>;
  readonly weights: Map<number, readonly Node[]>;
  /** Moving statistics are stored after the run. */
  readonly moves: (() => void)[];
}

/** The node that a node has its weights from: itself, or the first one of a shared layer. */
const ownerOf = ({ id, sharesLayerOf }: GraphNode) => sharesLayerOf ?? id;

/** The model of a graph in the reference, with its weights. */
export class GraphModel {
  private readonly shapes = new Map<number, readonly number[]>();
  private readonly weights = new Map<number, Values[]>();
  /** The least exact operation so far. */
  precision: Precision = 'rounded';

  constructor(
    private readonly graph: Graph,
    private readonly rounding: Rounding,
  ) {}

  /** The shape of a node, with the batch, once it has been computed. */
  readonly shapeOf = (id: number): readonly number[] => {
    const shape = this.shapes.get(id);
    expect(shape !== undefined, `Node ${id} has not been computed`);
    return shape;
  };

  forward(training: boolean): Forward {
    const { graph } = this;
    const tape = new Tape(this.trackPrecision());
    const run: Run = { tape, training, values: new Map(), weights: new Map(), moves: [] };
    for (const node of graph.nodes) {
      const result = node.layer === 'input' ? tape.leaf(this.inputOf(node)) : this.apply(node, run);
      run.values.set(node.id, result);
      this.shapes.set(node.id, result.value.shape);
    }
    run.moves.forEach((move) => move());
    const nodesOf = (ids: readonly number[]) => ids.map((id) => run.values.get(id)!);
    const inputs = graph.nodes.filter(({ layer }) => layer === 'input').map(({ id }) => id);
    return { tape, inputs: nodesOf(inputs), outputs: nodesOf(graph.outputs), weights: run.weights };
  }

  /** The values of a layer's weights, by the id of its first node. */
  weightsOf(id: number): readonly Values[] {
    return this.weights.get(id)!;
  }

  setWeight(id: number, index: number, value: Values): void {
    this.weights.get(id)![index] = value;
  }

  /** The first nodes of all layers that have weights. */
  weightedNodes(): readonly GraphNode[] {
    return this.graph.nodes.filter(
      (node) => node.sharesLayerOf === undefined && weightSpecs(node, this.shapeOf).length > 0,
    );
  }

  /** The trained weights of the layers that are not frozen: node, and index of the weight. */
  trainable(): { readonly id: number; readonly index: number }[] {
    const layers = this.weightedNodes().filter(({ isFrozen }) => !isFrozen);
    return layers.flatMap((node) =>
      weightSpecs(node, this.shapeOf).flatMap(({ isMoving }, index) =>
        isMoving ? [] : [{ id: node.id, index }],
      ),
    );
  }

  private apply(node: GraphNode, { tape, training, values, weights, moves }: Run): Node {
    const inputs = node.inputs.map((id) => {
      const input = values.get(id);
      expect(input !== undefined, 'An input is missing, or comes later');
      return input;
    });
    const owner = ownerOf(node);
    const leaves = weights.get(owner) ?? this.createWeights(node).map((weight) => tape.leaf(weight));
    weights.set(owner, leaves);
    const fits = weightSpecs(node, this.shapeOf).every(
      ({ shape }, i) => shape.join() === leaves[i].value.shape.join(),
    );
    expect(fits, 'A shared layer has inputs of another shape');
    return LAYERS.get(node.layer)!.reference({
      tape,
      inputs,
      weights: leaves,
      options: node.options,
      training,
      move: (index, value) => moves.push(() => this.setWeight(owner, index, value)),
    });
  }

  private inputOf({ options, seed }: GraphNode): Values {
    return filled([this.graph.batch, ...(options.shape as number[])], { ...this.graph.input, seed });
  }

  /** The weights of a layer, new in its first run. */
  private createWeights(node: GraphNode): readonly Values[] {
    const known = this.weights.get(ownerOf(node));
    if (known) return known;
    expect(node.sharesLayerOf === undefined, 'A layer is shared before it is made');
    const created = weightSpecs(node, this.shapeOf).map((spec, i) =>
      filled(spec.shape, weightFill(this.graph, node, i, spec)),
    );
    this.weights.set(node.id, created);
    return created;
  }

  private trackPrecision(): Rounding {
    const { rounding } = this;
    return {
      branches: rounding.branches,
      round: (result) => {
        if (result.precision === 'winograd') this.precision = 'winograd';
        return rounding.round(result);
      },
    };
  }
}

/** The shapes of all nodes; throws RangeError if the graph is not valid. */
export function graphShapes(graph: Graph, rounding: Rounding): (id: number) => readonly number[] {
  const model = new GraphModel(graph, rounding);
  model.forward(false);
  return model.shapeOf;
}
