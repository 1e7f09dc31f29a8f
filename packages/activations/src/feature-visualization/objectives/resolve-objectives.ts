import { expectInteger, expectOneOf, InputError, type ImageObjective } from '@convlens/core';
import { findValue, nameOfValue } from '../../model/find-layer.js';
import { valueShapes, type ModelInput } from '../../model/model-input.js';
import { expectDependsOnImages } from '../../model/run-graph.js';
import { expectClassScores } from '../../model/score-reading.js';
import { lengthOf, CLASS_SCORES, type ResolvedObjective } from './objective.js';

type ObjectiveOf<Kind extends ImageObjective['kind']> = Extract<ImageObjective, { kind: Kind }>;

interface Context {
  readonly modelInput: ModelInput;
  /** The shape of each value of the graph, by number. */
  readonly shapes: number[][];
}

/** A layer output as a source of objectives. */
function layerSource({ modelInput: { graph }, shapes }: Context, layer: string) {
  const source = findValue(graph, layer);
  const shape = shapes[source].slice(1);
  const name = nameOfValue(graph, layer, source);
  expectDependsOnImages(graph, source, name);
  return { source, shape, name, channels: shape[shape.length - 1] };
}

function resolveClass({ modelInput }: Context, objective: ObjectiveOf<'class'>): ResolvedObjective {
  const { classNames } = modelInput.images;
  const { classCount: classes } = expectClassScores(modelInput.graph);
  const nameOrIndex = objective.class;
  const index =
    typeof nameOrIndex === 'number'
      ? expectInteger('class', nameOrIndex, { max: classes - 1 })
      : classNames.indexOf(nameOrIndex);
  if (index < 0 || index >= classes) {
    const choices = classNames.length
      ? `one of ${classNames.join(', ')} or an index`
      : 'an index, for a model without classNames';
    throw new InputError(`Expected class to be ${choices}, got ${JSON.stringify(nameOrIndex)}`);
  }
  const part = { source: CLASS_SCORES, shape: [classes], weight: 1, indices: [index] };
  return { name: classNames[index] ?? `class ${index}`, parts: [part] };
}

function resolveChannel(
  context: Context,
  { layer, channel, reduction = 'mean' }: ObjectiveOf<'channel'>,
): ResolvedObjective {
  const { source, shape, name, channels } = layerSource(context, layer);
  expectInteger('channel', channel, { max: channels - 1 });
  expectOneOf('reduction', reduction, ['mean', 'sum']);
  const area = lengthOf(shape.slice(0, -1));
  const indices = Array.from({ length: area }, (_, position) => position * channels + channel);
  const weight = reduction === 'mean' ? 1 / area : 1;
  return { name: `${name} #${channel}`, parts: [{ source, shape, weight, indices }] };
}

function resolveNeuron(context: Context, objective: ObjectiveOf<'neuron'>): ResolvedObjective {
  const { source, shape, name, channels } = layerSource(context, objective.layer);
  const isSpatial = shape.length === 3;
  if (!isSpatial && shape.length !== 1)
    throw new InputError(`Expected layer to output feature maps or units, got ${name} of shape [${shape}]`);
  const [height, width] = isSpatial ? shape : [1, 1];
  const { channel, row = Math.floor(height / 2), column = Math.floor(width / 2) } = objective;
  expectInteger('channel', channel, { max: channels - 1 });
  expectInteger('row', row, { max: height - 1 });
  expectInteger('column', column, { max: width - 1 });
  const indices = [(row * width + column) * channels + channel];
  const position = isSpatial ? ` at ${row},${column}` : '';
  return { name: `${name} #${channel}${position}`, parts: [{ source, shape, weight: 1, indices }] };
}

function resolveLayer(context: Context, { layer }: ObjectiveOf<'layer'>): ResolvedObjective {
  const { source, shape, name } = layerSource(context, layer);
  return { name, parts: [{ source, shape, weight: 1 }] };
}

function resolveSum(context: Context, { terms }: ObjectiveOf<'sum'>): ResolvedObjective {
  if (!terms?.length) throw new InputError('Expected a sum of at least one objective, got none');
  const resolved = terms.map(({ objective, weight = 1 }) => ({ weight, ...resolve(context, objective) }));
  return {
    name: resolved.map(({ name, weight }) => (weight === 1 ? name : `${weight} ${name}`)).join(' + '),
    parts: resolved.flatMap((term) =>
      term.parts.map((part) => ({ ...part, weight: term.weight * part.weight })),
    ),
  };
}

type Resolver<Objective> = (context: Context, objective: Objective) => ResolvedObjective;

const RESOLVERS: { readonly [Kind in ImageObjective['kind']]: Resolver<ObjectiveOf<Kind>> } = {
  class: resolveClass,
  channel: resolveChannel,
  neuron: resolveNeuron,
  layer: resolveLayer,
  sum: resolveSum,
};

function resolve(context: Context, objective: ImageObjective): ResolvedObjective {
  expectOneOf('the kind of an objective', objective.kind, Object.keys(RESOLVERS));
  return (RESOLVERS[objective.kind] as Resolver<ImageObjective>)(context, objective);
}

/**
 * Checks objectives against a model.
 *
 * @throws InputError if a class, layer, channel or position does not exist; it lists those that do.
 */
export function resolveObjectives(
  modelInput: ModelInput,
  objectives: readonly ImageObjective[],
): ResolvedObjective[] {
  const context = { modelInput, shapes: valueShapes(modelInput) };
  return objectives.map((objective) => resolve(context, objective));
}
