import { filled, type Reading } from '../program.js';
import { addAll, categoricalCrossentropy, meanSquaredError, weightedSum } from '../reference/losses.js';
import { Optimizer } from '../reference/optimizers.js';
import type { Node, Rounding } from '../reference/tape.js';
import { expect, valuesOf, type Values } from '../reference/values.js';
import { GraphModel, type Forward } from './graph-model.js';
import { targetFill } from './graph-weights.js';
import type { Graph, Phase } from './graph.js';

/** What the phases of a program share. */
interface Session {
  readonly graph: Graph;
  readonly model: GraphModel;
  readonly read: (name: string, value: Values) => void;
}

const scalar = (value: number): Values => valuesOf([], [value]);
const ONE = scalar(1);

/** The loss of a phase that is no compiled training: the weighted sum of all outputs. */
function lossOf({ seed, outputs }: Graph, forward: Forward): Node {
  const sums = forward.outputs.map((y, i) =>
    weightedSum(forward.tape, y, filled(y.value.shape, { kind: 'normal', seed: seed + outputs[i] })),
  );
  return addAll(forward.tape, sums);
}

/** The loss of each output of a compiled model. */
function compiledLosses(graph: Graph, { tape, outputs }: Forward): Node[] {
  return outputs.map((y, i) => {
    const { fill, loss } = targetFill(graph, graph.outputs[i], y.value.shape);
    const target = filled(y.value.shape, fill);
    return loss === 'meanSquaredError'
      ? meanSquaredError(tape, y, target)
      : categoricalCrossentropy(tape, y, target);
  });
}

/** The trained weights, and their nodes in a run. */
function trainableOf(model: GraphModel, { weights }: Forward) {
  const trainable = model.trainable();
  expect(trainable.length > 0, 'No weight is trainable');
  return { trainable, nodes: trainable.map(({ id, index }) => weights.get(id)![index]) };
}

function predict({ model, read }: Session, { isReversed }: Phase & { kind: 'predict' }): void {
  const values = model.forward(false).outputs.map(({ value }) => value);
  if (isReversed) values.reverse();
  values.forEach((value, i) => read(`output ${i}`, value));
}

function inputGradient(
  { graph, model, read }: Session,
  { training }: Phase & { kind: 'inputGradient' },
): void {
  const forward = model.forward(training);
  const gradients = forward.tape.gradients([[lossOf(graph, forward), ONE]], forward.inputs);
  gradients.forEach((value, i) => read(`gradient of input ${i}`, value));
}

function weightGradient(
  { graph, model, read }: Session,
  { training }: Phase & { kind: 'weightGradient' },
): void {
  const forward = model.forward(training);
  const loss = lossOf(graph, forward);
  read('loss', loss.value);
  const gradients = forward.tape.gradients([[loss, ONE]], trainableOf(model, forward).nodes);
  gradients.forEach((value, i) => read(`gradient of weight ${i}`, value));
}

function train(
  { graph, model, read }: Session,
  { how, optimizer: name, rate }: Phase & { kind: 'train' },
): void {
  const optimizer = new Optimizer(name, rate);
  for (let step = 0; step < 2; step++) {
    const forward = model.forward(true);
    const losses = how === 'compile' ? compiledLosses(graph, forward) : [lossOf(graph, forward)];
    const total = addAll(forward.tape, losses);
    const numbers = [total, ...(losses.length > 1 ? losses : [])].map(({ value }) => value.data[0]);
    read(`loss ${step}`, how === 'compile' ? valuesOf([numbers.length], numbers) : scalar(numbers[0]));
    const { trainable, nodes } = trainableOf(model, forward);
    const gradients = forward.tape.gradients([[total, ONE]], nodes);
    trainable.forEach(({ id, index }, i) => {
      const value = optimizer.step(i, model.weightsOf(id)[index], gradients[i]);
      model.setWeight(id, index, forward.tape.rounding.round({ value, precision: 'rounded' }));
    });
  }
  for (const { id } of model.weightedNodes())
    model.weightsOf(id).forEach((weight, i) => read(`l${id} weight ${i}`, weight));
}

function run(session: Session, phase: Phase): void {
  switch (phase.kind) {
    case 'predict':
      return predict(session, phase);
    case 'inputGradient':
      return inputGradient(session, phase);
    case 'weightGradient':
      return weightGradient(session, phase);
    case 'train':
      return train(session, phase);
  }
}

/** What the program of graph-code.ts reads, in order. */
export function graphReadings(graph: Graph, rounding: Rounding): Reading[] {
  const model = new GraphModel(graph, rounding);
  const readings: { name: string; value: Values }[] = [];
  const session: Session = { graph, model, read: (name, value) => readings.push({ name, value }) };
  graph.phases.forEach((phase) => run(session, phase));
  return readings.map((reading) => ({ ...reading, precision: model.precision, spreadsNaN: true }));
}
