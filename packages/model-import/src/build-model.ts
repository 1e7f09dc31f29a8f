import { InputError } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { buildLayer } from './build-layer.js';
import { entryOf, Options, type LayerEntry, type Place } from './layer-config.js';
import { applyWithWeights } from './layer-weights.js';
import { historiesOf, referencesOf, type History } from './node-references.js';
import type { WeightTree } from './weights.js';

export interface BuildContext extends Place {
  readonly customLayers: ReadonlyMap<string, never>;
  /** Every layer that was made, so that it can be disposed if the rest fails. */
  readonly made: tf.layers.Layer[];
}

const DEEPEST = 32;
const FUNCTIONAL = ['Functional', 'Model'];
const isModel = (className: string) => className === 'Sequential' || FUNCTIONAL.includes(className);

/** Builds a model, and all models within it, from its config. */
export function buildModel(
  entry: LayerEntry,
  { weights, context, depth = 0 }: { weights: WeightTree; context: BuildContext; depth?: number },
): tf.LayersModel {
  const { file } = context;
  if (depth > DEEPEST) throw new InputError(`Expected ${file} to nest models at most ${DEEPEST} deep`);
  if (!isModel(entry.className))
    throw new InputError(
      `Expected ${file} to hold a model of class Sequential or Functional, got ${JSON.stringify(entry.name)} of class ${entry.className}: a subclass of Model is code, which no file holds`,
    );
  if (!Array.isArray(entry.config.layers) || entry.config.layers.length === 0)
    throw new InputError(
      `Expected the model ${JSON.stringify(entry.name)} in ${file} to have layers, found none`,
    );
  const layers = entry.config.layers.map((json) => entryOf(json, file));
  const sequential = entry.className === 'Sequential';
  // A Sequential of Keras does not count its input among its layers.
  const listed = sequential ? layers.filter(({ className }) => className !== 'InputLayer') : layers;
  const opened = weights.open(listed);
  const apply = applierOf({ listed, opened, context, depth });
  return sequential ? chain(entry, layers, { apply, context }) : graph(entry, layers, { apply, context });
}

type Apply = (entry: LayerEntry, inputs: tf.SymbolicTensor[]) => tf.SymbolicTensor[];

/** Makes each layer when it is first applied, for its making may depend on what it reads. */
function applierOf({
  listed,
  opened,
  context,
  depth,
}: {
  listed: readonly LayerEntry[];
  opened: ReturnType<WeightTree['open']>;
  context: BuildContext;
  depth: number;
}): Apply {
  const made = new Map<LayerEntry, tf.layers.Layer>();
  return (entry, inputs) => {
    const index = listed.indexOf(entry);
    const options = new Options(entry, { ...context, notes: made.has(entry) ? [] : context.notes });
    try {
      if (isModel(entry.className)) {
        let model = made.get(entry) as tf.LayersModel | undefined;
        if (!model) {
          const shaped = entry.builtFor ? entry : { ...entry, builtFor: inputs[0].shape };
          model = buildModel(shaped, { weights: opened.nested(index), context, depth: depth + 1 });
          model.trainable = options.flag('trainable', true);
          made.set(entry, model);
        }
        return toList(model.apply(inputs.length === 1 ? inputs[0] : inputs));
      }
      const known = made.get(entry);
      const layer =
        known ??
        buildLayer(
          options,
          inputs.map(({ shape }) => shape),
          context.customLayers,
        );
      if (!known) context.made.push(layer);
      made.set(entry, layer);
      return applyWithWeights(layer, inputs, known ? undefined : opened.layer(index));
    } catch (error) {
      if ((error as Error).name === 'InputError') throw error;
      return options.refuse(`what TensorFlow.js does not take: ${(error as Error).message}`);
    }
  };
}

const toList = (outputs: unknown) => (Array.isArray(outputs) ? outputs : [outputs]) as tf.SymbolicTensor[];

/** The placeholder of an input, whatever the size of a batch was fixed to. */
function inputOf(
  { name, config }: Pick<LayerEntry, 'name' | 'config'>,
  shape: unknown,
  { file }: Place,
): tf.SymbolicTensor {
  const given = shape ?? config.batch_shape ?? config.batch_input_shape;
  const isSize = (size: unknown) => size === null || (Number.isSafeInteger(size) && (size as number) >= 1);
  if (!Array.isArray(given) || given.length < 2 || given.length > 6 || !given.slice(1).every(isSize))
    throw new InputError(
      `Expected the input ${JSON.stringify(name)} in ${file} to say its shape, got ${JSON.stringify(given)}: a Sequential that was never built has none`,
    );
  try {
    return tf.input({ name, shape: given.slice(1) as number[] });
  } catch (error) {
    throw new InputError(
      `Expected the input ${JSON.stringify(name)} in ${file} to be one that TensorFlow.js takes: ${(error as Error).message}`,
    );
  }
}

function finish(
  model: { inputs: tf.SymbolicTensor[]; outputs: tf.SymbolicTensor[]; name: string },
  file: string,
) {
  try {
    return tf.model(model);
  } catch (error) {
    throw new InputError(
      `Expected the model ${JSON.stringify(model.name)} in ${file} to be whole: ${(error as Error).message}`,
    );
  }
}

/** The shape that a layer says it reads, or, of a model, the first of its layers. */
function inputShapeOf({ className, config }: LayerEntry, place: Place, depth = 0): unknown {
  const own = config.batch_shape ?? config.batch_input_shape;
  if (own || !isModel(className) || !Array.isArray(config.layers) || !config.layers.length || depth > DEEPEST)
    return own;
  const layers = config.layers.map((json) => entryOf(json, place.file));
  const ends = historiesOf(config.input_layers);
  const first = ends.length > 1 ? undefined : layers.find(({ name }) => !ends.length || name === ends[0][0]);
  return first && inputShapeOf(first, place, depth + 1);
}

function chain(
  { name, config, builtFor }: LayerEntry,
  layers: readonly LayerEntry[],
  { apply, context }: { apply: Apply; context: BuildContext },
): tf.LayersModel {
  const [first, ...rest] = layers;
  const explicit = first.className === 'InputLayer';
  const shape = inputShapeOf(first, context) ?? first.builtFor ?? config.build_input_shape ?? builtFor;
  const input = inputOf(explicit ? first : { name: `${name}_input`, config: {} }, shape, context);
  let tensor = input;
  for (const layer of explicit ? rest : layers) [tensor] = apply(layer, [tensor]);
  return finish({ inputs: [input], outputs: [tensor], name }, context.file);
}

function graph(
  { name, config }: LayerEntry,
  layers: readonly LayerEntry[],
  { apply, context }: { apply: Apply; context: BuildContext },
): tf.LayersModel {
  const { file } = context;
  /** What each layer put out, one list a call. */
  const outputs = new Map<string, tf.SymbolicTensor[][]>();
  const entries = new Map(layers.map((layer) => [layer.name, layer]));
  if (entries.size < layers.length)
    throw new InputError(
      `Expected the model ${JSON.stringify(name)} in ${file} to name its layers differently`,
    );
  const used = layers.flatMap(({ calls }) => calls.flatMap((call) => referencesOf(call)));
  // A model was called once, on its own inputs, before it became a layer; whether that call counts, versions differ.
  const named = [...used, ...historiesOf(config.input_layers), ...historiesOf(config.output_layers)];
  const startsAtOne = new Set(
    layers
      .filter(
        ({ className, name: own }) =>
          isModel(className) && !named.some(([layer, node]) => layer === own && node === 0),
      )
      .map(({ name: own }) => own),
  );

  const find = ([layer, node, output]: History): tf.SymbolicTensor | undefined => {
    const entry = entries.get(layer);
    if (!entry)
      throw new InputError(
        `Expected ${file} to hold the layer ${JSON.stringify(layer)} that ${JSON.stringify(name)} refers to, found none`,
      );
    const made = outputs.get(layer) ?? [];
    const skipped = startsAtOne.has(layer) ? 1 : 0;
    return made[node - skipped]?.[output];
  };
  for (const entry of layers)
    if (entry.className === 'InputLayer') outputs.set(entry.name, [[inputOf(entry, undefined, context)]]);
  const waiting = layers
    .filter(({ className }) => className !== 'InputLayer')
    .flatMap((entry) =>
      entry.calls.map((call, number) => ({ entry, number, references: referencesOf(call) })),
    );
  while (waiting.length > 0) {
    const before = waiting.length;
    for (let i = 0; i < waiting.length;) {
      const { entry, number, references } = waiting[i];
      const inputs = references.map(find);
      // Calls of one layer are counted in their order.
      const isNext = (outputs.get(entry.name) ?? []).length === number;
      if (!isNext || inputs.length === 0 || inputs.some((input) => !input)) {
        i++;
        continue;
      }
      const made = apply(entry, inputs as tf.SymbolicTensor[]);
      outputs.set(entry.name, [...(outputs.get(entry.name) ?? []), made]);
      waiting.splice(i, 1);
    }
    if (waiting.length === before)
      throw new InputError(
        `Expected every layer in ${file} to read what another puts out, got layer ${JSON.stringify(waiting[0].entry.name)} that waits for ${JSON.stringify(waiting[0].references)}`,
      );
  }
  const tensors = (key: string) =>
    historiesOf(config[key]).map((history) => {
      const tensor = find(history);
      if (tensor) return tensor;
      throw new InputError(
        `Expected ${key} of ${file} to name what a layer puts out, got ${JSON.stringify(history)}`,
      );
    });
  const ends = tensors('output_layers');
  if (new Set(ends).size < ends.length)
    throw new InputError(
      `Expected the model ${JSON.stringify(name)} in ${file} to put out each tensor once: TensorFlow.js loses what is put out twice`,
    );
  return finish({ inputs: tensors('input_layers'), outputs: ends, name }, file);
}
