import { filled, type Reading } from '../program.js';
import { addAll, categoricalCrossentropy, meanSquaredError, weightedSum } from '../reference/losses.js';
import { Optimizer } from '../reference/optimizers.js';
import { Tape, type Node, type Rounding } from '../reference/tape.js';
import { expect, valuesOf, type Precision, type Values } from '../reference/values.js';
import { weightedNodes } from './graph-code.js';
import { targetFill, weightFill, weightSpecs } from './graph-weights.js';
import type { Graph, GraphNode, Phase } from './graph.js';
import { LAYERS } from './layers/registry.js';

interface Forward {
  readonly tape: Tape;
  readonly inputs: readonly Node[];
  readonly outputs: readonly Node[];
  /** By node id: the weights as they were before. */
  readonly weights: ReadonlyMap<number, readonly Node[]>;
}

/** The model of a graph in the reference, with its weights. */
export class GraphModel {
  private readonly shapes = new Map<number, readonly number[]>();
  private readonly weights = new Map<number, Values[]>();
  /** The least exact operation so far. */
  precision: Precision = 'rounded';

  constructor(
    private readonly graph: Graph,
    private readonly rounding: Rounding,
  ) {
    for (const node of graph.nodes) {
      expect(
        node.inputs.every((id) => this.shapes.has(id) || graph.nodes.some((other) => other.id === id)),
        'An input is missing',
      );
    }
  }

  readonly shapeOf = (id: number): readonly number[] => {
    const shape = this.shapes.get(id);
    expect(shape !== undefined, `Node ${id} has not been computed`);
    return shape;
  };

  forward(training: boolean): Forward {
    const { graph, rounding } = this;
    const tape = new Tape(this.trackPrecision(rounding));
    const values = new Map<number, Node>();
    const weightNodes = new Map<number, readonly Node[]>();
    const inputs: Node[] = [];
    const moved: (() => void)[] = [];
    for (const node of graph.nodes) {
      const result =
        node.layer === 'input'
          ? tape.leaf(this.inputOf(node))
          : this.apply(node, { tape, values, weightNodes, training, moved });
      if (node.layer === 'input') inputs.push(result);
      values.set(node.id, result);
      this.shapes.set(node.id, result.value.shape);
    }
    moved.forEach((move) => move());
    return { tape, inputs, outputs: graph.outputs.map((id) => values.get(id)!), weights: weightNodes };
  }

  private apply(
    node: GraphNode,
    {
      tape,
      values,
      weightNodes,
      training,
      moved,
    }: {
      tape: Tape;
      values: Map<number, Node>;
      weightNodes: Map<number, readonly Node[]>;
      training: boolean;
      moved: (() => void)[];
    },
  ): Node {
    const owner = node.sharesLayerOf ?? node.id;
    const inputs = node.inputs.map((id) => values.get(id)!);
    expect(
      inputs.every((input) => input !== undefined),
      'An input comes later',
    );
    const specs = this.specsOf(node);
    const weights = weightNodes.get(owner) ?? this.weightsOf(node, specs).map((weight) => tape.leaf(weight));
    weightNodes.set(owner, weights);
    expect(
      specs.every(({ shape }, i) => shape.every((size, axis) => size === weights[i].value.shape[axis])),
      'A shared layer has inputs of another shape',
    );
    return LAYERS.get(node.layer)!.reference({
      tape,
      inputs,
      weights,
      options: node.options,
      training,
      move: (index, value) => moved.push(() => (this.weights.get(owner)![index] = value)),
    });
  }

  /** Before the first run the shapes of inputs are known, those of layers once they have been computed. */
  private specsOf = (node: GraphNode) => weightSpecs(node, this.shapeOf);

  private inputOf({ options, seed }: GraphNode): Values {
    return filled([this.graph.batch, ...(options.shape as number[])], { ...this.graph.input, seed });
  }

  private weightsOf(node: GraphNode, specs: ReturnType<typeof weightSpecs>): Values[] {
    const owner = node.sharesLayerOf ?? node.id;
    const known = this.weights.get(owner);
    if (known) return known;
    expect(node.sharesLayerOf === undefined, 'A layer is shared before it is made');
    const created = specs.map((spec, i) => filled(spec.shape, weightFill(this.graph, node, i, spec)));
    this.weights.set(owner, created);
    return created;
  }

  currentWeights(id: number): readonly Values[] {
    return this.weights.get(id)!;
  }

  /** The trained weights of the layers that are not frozen: node, and index of the weight. */
  trainable(): { readonly id: number; readonly index: number }[] {
    return weightedNodes(this.graph, this)
      .filter(({ isFrozen }) => !isFrozen)
      .flatMap((node) => this.specsOf(node).map(({ isMoving }, index) => ({ id: node.id, index, isMoving })))
      .filter(({ isMoving }) => !isMoving)
      .map(({ id, index }) => ({ id, index }));
  }

  setWeight(id: number, index: number, value: Values): void {
    this.weights.get(id)![index] = value;
  }

  private trackPrecision(rounding: Rounding): Rounding {
    return {
      branches: rounding.branches,
      round: (result) => {
        if (result.precision === 'winograd') this.precision = 'winograd';
        return rounding.round(result);
      },
    };
  }
}

const NOTHING_TRAINABLE = 'No weight is trainable';

const scalar = (value: number): Values => valuesOf([], [value]);

/** The loss of a phase that is no compiled training: the weighted sum of all outputs. */
function lossOf({ seed, outputs }: Graph, forward: Forward): Node {
  const sums = forward.outputs.map((y, i) =>
    weightedSum(forward.tape, y, filled(y.value.shape, { kind: 'normal', seed: seed + outputs[i] })),
  );
  return addAll(forward.tape, sums);
}

function compiledLosses(graph: Graph, { tape, outputs }: Forward): Node[] {
  return outputs.map((y, i) => {
    const { fill, loss } = targetFill(graph, graph.outputs[i], y.value.shape);
    const target = filled(y.value.shape, fill);
    return loss === 'meanSquaredError'
      ? meanSquaredError(tape, y, target)
      : categoricalCrossentropy(tape, y, target);
  });
}

function train(graph: Graph, model: GraphModel, phase: Phase & { kind: 'train' }, read: Read): void {
  const optimizer = new Optimizer(phase.optimizer, phase.rate);
  for (let step = 0; step < 2; step++) {
    const forward = model.forward(true);
    const losses = phase.how === 'compile' ? compiledLosses(graph, forward) : [lossOf(graph, forward)];
    const total = addAll(forward.tape, losses);
    const reported = losses.length > 1 ? [total, ...losses] : [total];
    const numbers = reported.map(({ value }) => value.data[0]);
    read(`loss ${step}`, phase.how === 'compile' ? valuesOf([numbers.length], numbers) : scalar(numbers[0]));
    const trainable = model.trainable();
    expect(trainable.length > 0, NOTHING_TRAINABLE);
    const sources = trainable.map(({ id, index }) => forward.weights.get(id)![index]);
    const gradients = forward.tape.gradients([[total, scalar(1)]], sources);
    trainable.forEach(({ id, index }, i) => {
      const value = optimizer.step(i, model.currentWeights(id)[index], gradients[i]);
      model.setWeight(id, index, forward.tape.rounding.round({ value, precision: 'rounded' }));
    });
  }
  for (const { id } of weightedNodes(graph, model))
    model.currentWeights(id).forEach((weight, i) => read(`l${id} weight ${i}`, weight));
}

type Read = (name: string, value: Values) => void;

/** What the program of graph-code.ts reads, in order. */
export function graphReadings(graph: Graph, rounding: Rounding): Reading[] {
  const model = new GraphModel(graph, rounding);
  const readings: { name: string; value: Values }[] = [];
  const read: Read = (name, value) => readings.push({ name, value });
  // The layers are built, and shapes known, before the first phase.
  let predicted: Forward | undefined = model.forward(false);
  for (const phase of graph.phases) {
    if (phase.kind === 'train') {
      train(graph, model, phase, read);
      predicted = undefined;
      continue;
    }
    const training = phase.kind !== 'predict' && phase.training;
    const forward = !training && predicted ? predicted : model.forward(training);
    if (training) predicted = undefined;
    if (phase.kind === 'predict') {
      const values = forward.outputs.map(({ value }) => value);
      if (phase.isReversed) values.reverse();
      values.forEach((value, i) => read(`output ${i}`, value));
      continue;
    }
    const loss = lossOf(graph, forward);
    if (phase.kind === 'weightGradient') read('loss', loss.value);
    const trainable = model.trainable();
    expect(phase.kind === 'inputGradient' || trainable.length > 0, NOTHING_TRAINABLE);
    const sources =
      phase.kind === 'inputGradient'
        ? forward.inputs
        : trainable.map(({ id, index }) => forward.weights.get(id)![index]);
    const what = phase.kind === 'inputGradient' ? 'input' : 'weight';
    forward.tape
      .gradients([[loss, scalar(1)]], sources)
      .forEach((value, i) => read(`gradient of ${what} ${i}`, value));
  }
  return readings.map((reading) => ({ ...reading, precision: model.precision, spreadsNaN: true }));
}

/** The shapes of all nodes; throws RangeError if the graph is not valid. */
export function graphShapes(graph: Graph, rounding: Rounding): (id: number) => readonly number[] {
  const model = new GraphModel(graph, rounding);
  model.forward(false);
  return model.shapeOf;
}
