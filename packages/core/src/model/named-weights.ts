import { InputError } from '../guards/input-error.js';
import { expectWeights } from '../guards/models.js';
import { expectList, expectString } from '../guards/values.js';

/** What identifies a weight of TensorFlow.js (`tf.LayerVariable`). */
export interface WeightVariable {
  /** Ascends in the order in which weights are created. */
  readonly id: number;
  /** The name of its variable, unique in the process: "conv1/kernel_2". */
  readonly name: string;
  /** The name that its layer gave it: "conv1/kernel". */
  readonly originalName: string;
}

/** What has weights: a layer or a model of TensorFlow.js. */
export interface WeightedLayer<Weight extends WeightVariable> {
  readonly name: string;
  readonly weights: readonly Weight[];
}

/** A weight of a model and its name in the model. */
export interface NamedWeight<Weight> {
  readonly name: string;
  readonly weight: Weight;
}

/**
 * The weights of a model, each once, by the path of its layer and its own name: "conv1/kernel", and
 * "encoder/conv1/kernel" in a model inside the model. Of two names in a layer that are equal, the second gets the
 * ending "#2".
 *
 * Neither names nor order depend on which layers are frozen. `weights` and `getWeights` of TensorFlow.js put
 * trainable weights first: their order changes whenever a layer is frozen or unfrozen.
 */
export function namedWeights<Weight extends WeightVariable>(
  model: WeightedLayer<Weight>,
): NamedWeight<Weight>[] {
  expectWeights('model', model);
  const found = new Set<Weight>();
  return weightPaths(model).filter(({ weight }) => !found.has(weight) && found.add(weight));
}

/** As `namedWeights`, but a weight that two models inside the model share is under both of its names. */
export function weightPaths<Weight extends WeightVariable>(
  layer: WeightedLayer<Weight>,
  path = '',
): NamedWeight<Weight>[] {
  expectWeights('layer', layer);
  expectString('path', path);
  const all = new Set(layer.weights);
  const inner = innerLayers(layer)
    .flatMap((one) => weightPaths(one, `${path}${one.name}/`))
    .filter(({ weight }) => all.has(weight));
  const innerWeights = new Set(inner.map(({ weight }) => weight));
  const rest = layer.weights.filter((weight) => !innerWeights.has(weight)).sort((a, b) => a.id - b.id);
  const uses = new Map<string, number>();
  const named = rest.map((weight) => {
    const name = path + weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1);
    const use = (uses.get(name) ?? 0) + 1;
    uses.set(name, use);
    return { name: use === 1 ? name : `${name}#${use}`, weight };
  });
  return [...inner, ...named];
}

/**
 * The names that several weights of a model have in the files of TensorFlow.js, which lack the path:
 * `tf.loadLayersModel` cannot read such a file. Empty for most models.
 */
export function ambiguousNames(model: WeightedLayer<WeightVariable>): string[] {
  expectWeights('model', model);
  const names = model.weights.map(({ originalName }) => originalName);
  return [...new Set(names.filter((name, i) => names.indexOf(name) < i))];
}

/** The layers of a model, or the layer inside a wrapper such as TimeDistributed. */
export function innerLayers<Layer>(layer: Layer): readonly Layer[] {
  const { layers, layer: wrapped } = layer as { layers?: unknown; layer?: unknown };
  // A layer of a user may have fields of these names that are something else.
  const isLayer = (value: unknown): value is Layer => Array.isArray((value as WeightedLayer<never>)?.weights);
  return (Array.isArray(layers) ? layers : [wrapped]).filter(isLayer);
}

/**
 * For each of `names`, its position in `saved`. Names of layers that TensorFlow.js made up count the layers of the
 * process: dense_Dense1 of one model is dense_Dense4 if the model is built again. If the names are not the same,
 * these are compared by their order among the layers of their class.
 *
 * @param owner what holds the saved weights, for the message
 * @throws InputError that names the weights in which both differ.
 */
export function findSavedWeights(
  owner: string,
  saved: readonly string[],
  names: readonly string[],
): readonly number[] {
  expectString('owner', owner);
  expectList('saved', saved, expectString);
  expectList('names', names, expectString);
  const positions = matchNames(saved, names) ?? matchNames(countLayers(saved), countLayers(names));
  if (positions) return positions;
  const missing = names.filter((name) => !saved.includes(name));
  const unknown = saved.filter((name) => !names.includes(name));
  throw new InputError(
    `Expected ${owner} with the weights of this model,` +
      ` got one ${[listNames('without', missing), listNames('with', unknown)].filter(Boolean).join(', and ')}`,
  );
}

function matchNames(saved: readonly string[], names: readonly string[]): readonly number[] | undefined {
  const positions = new Map(saved.map((name, i) => [name, i]));
  if (positions.size !== names.length || saved.length !== names.length) return undefined;
  const found = names.map((name) => positions.get(name));
  return found.every((position) => position !== undefined) ? (found as number[]) : undefined;
}

/** The most names in a message. */
const LISTED = 3;

function listNames(relation: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const rest = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return `${relation} ${names.slice(0, LISTED).join(', ')}${rest}`;
}

/** A name that TensorFlow.js made up, before its number: dense_Dense, sequential_, model. */
const MADE_UP = /^([a-z0-9_]+_[A-Z][A-Za-z0-9_]*?|sequential_|model|functional)\d+$/;

/** Names in which made-up layer names have their number within their model, in the order of `names`. */
function countLayers(names: readonly string[]): string[] {
  const numbers = new Map<string, string>();
  const counts = new Map<string, number>();
  return names.map((name) => {
    let [original, counted] = ['', ''];
    for (const part of name.split('/')) {
      original += `/${part}`;
      const prefix = MADE_UP.exec(part)?.[1];
      if (prefix !== undefined && !numbers.has(original)) {
        const key = `${counted}/${prefix}`;
        const count = (counts.get(key) ?? 0) + 1;
        counts.set(key, count);
        numbers.set(original, `${prefix}#${count}`);
      }
      counted += `/${numbers.get(original) ?? part}`;
    }
    return counted;
  });
}
