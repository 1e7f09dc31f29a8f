import { isPendingLayer } from '../pending.js';
import type { Random } from '../random.js';
import { OPTIMIZERS } from '../reference/optimizers.js';
import { NO_ROUNDING } from '../reference/tape.js';
import { sizeOf } from '../reference/values.js';
import { connected } from './connected.js';
import { graphShapes } from './graph-model.js';
import type { Graph, GraphNode, Phase } from './graph.js';
import type { Shape } from './layer-spec.js';
import { FAMILIES, LAYERS } from './layers/registry.js';
import { RANDOM_LAYERS } from './layers/others.js';
import { weightSpecs } from './graph-weights.js';

/** Limits per image that keep a program at some tenths of a second. */
const MAX_VALUES = 6000;
const MAX_COST = 600_000;

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20];
const CHANNELS = [1, 2, 3, 3, 4, 7, 8, 16, 16, 24];

function inputShape(random: Random): number[] {
  for (;;) {
    const shape = anyShape(random);
    if (sizeOf(shape) <= MAX_VALUES) return shape;
  }
}

function anyShape(random: Random): number[] {
  const channels = random.pick(CHANNELS);
  if (random.chance(0.06)) return [channels * random.between(1, 3)];
  if (random.chance(0.07)) return [random.pick(SIZES), channels];
  if (random.chance(0.04))
    return [random.between(1, 5), random.between(1, 6), random.between(1, 6), Math.min(4, channels)];
  return [random.pick(SIZES), random.pick(SIZES), channels];
}

class GraphGenerator {
  private readonly nodes: GraphNode[] = [];
  private readonly shapes = new Map<number, Shape>();
  private cost = 0;

  constructor(
    private readonly random: Random,
    private readonly seed: number,
  ) {}

  generate(): Graph {
    const { random } = this;
    this.addInput(inputShape(random));
    if (random.chance(0.1)) this.addInput(random.chance(0.7) ? [...this.shapes.get(0)!] : inputShape(random));
    const count = random.between(1, 7);
    for (let tries = 0; this.nodes.length < count + 1 && tries < 40; tries++) this.addLayer();
    return this.finish();
  }

  private addInput(shape: number[]): void {
    const id = this.nodes.length;
    this.nodes.push({ id, layer: 'input', inputs: [], options: { shape }, seed: this.random.seed() });
    this.shapes.set(id, shape);
  }

  /** The inputs of a new node: most often the last node. */
  private chooseInputs(isMerge: boolean): number[] {
    const { random, nodes } = this;
    const last = nodes.length - 1;
    const first = random.chance(0.75) ? last : random.below(nodes.length);
    if (!isMerge) return [first];
    const others = nodes.map(({ id }) => id).filter((id) => sizeOf(this.shapes.get(id)!) > 0);
    return [first, ...Array.from({ length: random.between(1, 2) }, () => random.pick(others))];
  }

  private addLayer(): void {
    const { random } = this;
    if (random.chance(0.05) && this.addShared()) return;
    const families = FAMILIES.flatMap((family) => Array<typeof family>(family.weight).fill(family));
    const family = random.pick(families);
    const spec = random.pick(family.layers);
    const isMerge = spec.inputs === 'several';
    const inputs = isMerge ? this.mergeInputs() : this.chooseInputs(false);
    if (!inputs) return;
    const inputShapes = inputs.map((id) => this.shapes.get(id)!);
    const options = spec.choose(random, inputShapes);
    if (!options) return;
    const cost = spec.cost?.(options, inputShapes[0]) ?? 0;
    if (this.cost + cost > MAX_COST) return;
    if (this.add({ layer: spec.name, inputs, options, isFrozen: random.chance(0.08) })) this.cost += cost;
  }

  /** Nodes of one shape, among them a late one; the same node twice is allowed. */
  private mergeInputs(): number[] | undefined {
    const { random } = this;
    const first = this.chooseInputs(false)[0];
    const shape = this.shapes.get(first)!;
    const alike = this.nodes.map(({ id }) => id).filter((id) => this.shapes.get(id)!.join() === shape.join());
    const others = alike.filter((id) => id !== first);
    if (others.length === 0 && random.chance(0.7)) return undefined;
    const pool = others.length > 0 ? others : alike;
    return random.shuffled([first, ...Array.from({ length: random.between(1, 2) }, () => random.pick(pool))]);
  }

  /** The layer of an earlier node again. */
  private addShared(): boolean {
    const { random } = this;
    const weighted = this.nodes.filter(
      ({ inputs, layer, sharesLayerOf }) =>
        inputs.length === 1 &&
        LAYERS.get(layer)?.weights &&
        sharesLayerOf === undefined &&
        layer !== 'batchNormalization',
    );
    if (weighted.length === 0) return false;
    const owner = random.pick(weighted);
    const shape = this.shapes.get(owner.inputs[0])!.join();
    const inputs = this.nodes.filter(
      ({ id }) => this.shapes.get(id)!.join() === shape && id !== owner.inputs[0],
    );
    if (inputs.length === 0) return false;
    return this.add({
      layer: owner.layer,
      inputs: [random.pick(inputs).id],
      options: owner.options,
      sharesLayerOf: owner.id,
    });
  }

  private add(node: Omit<GraphNode, 'id' | 'seed'>): boolean {
    const id = this.nodes.length;
    const added: GraphNode = {
      ...node,
      ...(!node.isFrozen && { isFrozen: undefined }),
      id,
      seed: this.random.seed(),
    };
    const shape = this.shapeWith(added);
    if (!shape || sizeOf(shape) > MAX_VALUES) return false;
    if (isPendingLayer(added, shape, 'all')) return false;
    this.nodes.push(added);
    this.shapes.set(id, shape);
    return true;
  }

  /** The output shape of a node, by the reference on one image. */
  private shapeWith(node: GraphNode): Shape | undefined {
    // Only the new layer is computed: its inputs are inputs of a small graph.
    const inputs = node.inputs.map((id) => ({
      id,
      layer: 'input',
      inputs: [],
      options: { shape: this.shapes.get(id)! },
      seed: id,
    }));
    const distinct = inputs.filter((input, i) => inputs.findIndex(({ id }) => id === input.id) === i);
    const alone = { ...node, sharesLayerOf: undefined };
    const graph: Graph = {
      seed: 0,
      batch: 1,
      nodes: [...distinct, alone],
      outputs: [node.id],
      phases: [],
      input: { kind: 'normal' },
    };
    try {
      return graphShapes(graph, NO_ROUNDING)(node.id).slice(1);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  private finish(): Graph {
    const { random } = this;
    const isLayer = ({ layer }: GraphNode) => layer !== 'input';
    if (!this.nodes.some(isLayer))
      this.add({ layer: 'activation', inputs: [0], options: { activation: 'relu' } });
    const used = new Set(this.nodes.flatMap(({ inputs }) => inputs));
    const leaves = this.nodes.filter((node) => isLayer(node) && !used.has(node.id)).map(({ id }) => id);
    const inner = this.nodes.filter((node) => isLayer(node) && used.has(node.id)).map(({ id }) => id);
    const extra = inner.length > 0 && random.chance(0.3) ? [random.pick(inner)] : [];
    const outputs = random.shuffled([...leaves.slice(-2), ...extra]);
    const nodes = connected(this.nodes, outputs);
    const isSpecial = random.chance(0.05);
    const batch = random.pick([1, 1, 2, 2, 3, 4, 5]);
    const graph: Graph = {
      seed: this.seed % 1e6,
      batch,
      nodes,
      outputs,
      phases: [],
      input: {
        kind: isSpecial && random.chance(0.5) ? 'special' : random.pick(['normal', 'normal', 'sparse']),
      },
    };
    const withWeights = nodes.filter(
      (node) => isLayer(node) && node.sharesLayerOf === undefined && LAYERS.get(node.layer)!.weights,
    );
    const special =
      isSpecial && graph.input.kind !== 'special' && withWeights.length > 0
        ? { specialNode: random.pick(withWeights).id }
        : {};
    return { ...graph, ...special, phases: this.phases(graph, isSpecial) };
  }

  private phases(graph: Graph, isSpecial: boolean): Phase[] {
    const { random } = this;
    const predict: Phase = {
      kind: 'predict',
      how: random.pick(['predict', 'apply'] as const),
      isReversed: random.chance(0.3),
    };
    const isPending = graph.nodes.some((node) => isPendingLayer(node, this.shapes.get(node.id)!, 'gradient'));
    if (isSpecial || isPending) return [predict];
    const shapeOf = (id: number) => [graph.batch, ...this.shapes.get(id)!];
    const isRandom = graph.nodes.some(({ layer }) => RANDOM_LAYERS.has(layer));
    const isTrainable = graph.nodes.some(
      (node) =>
        !node.isFrozen &&
        node.sharesLayerOf === undefined &&
        weightSpecs(node, shapeOf).some(({ isMoving }) => !isMoving),
    );
    const training = () => !isRandom && random.chance(0.6);
    const phases: Phase[] = [predict];
    if (random.chance(0.7)) phases.push({ kind: 'inputGradient', training: training() });
    if (isTrainable && random.chance(0.6)) phases.push({ kind: 'weightGradient', training: training() });
    if (isTrainable && !isRandom && random.chance(0.6)) {
      const canCompile = graph.outputs.length === 1 || graph.outputs.every((id) => shapeOf(id).length === 2);
      phases.push({
        kind: 'train',
        how: canCompile && random.chance(0.5) ? 'compile' : 'minimize',
        optimizer: random.pick(OPTIMIZERS),
        rate: random.pick([0.1, 0.01, 0.001]),
      });
    }
    return random.shuffled(phases);
  }
}

export const generateGraph = (random: Random, seed: number): Graph =>
  new GraphGenerator(random, seed).generate();
