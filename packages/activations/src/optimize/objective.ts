import { expectInteger, expectOneOf, InputError, type ImageObjective } from '@convlens/core';
import * as tf from '@tensorflow/tfjs';
import { findValue, nameOfValue } from '../model/find-layer.js';
import { expectSeesImages } from '../model/graph.js';
import { expectClassifier } from '../model/scores.js';
import { valueShapes, type Subject } from '../model/subject.js';

/** Where class scores stand among the values of a model, which are numbered from 0. */
export const SCORES = -1;

/** A part of an objective: some numbers of a value (of one image), each with a weight; or the mean of its squares. */
export interface ObjectivePart {
  /** The value's number, or SCORES. */
  readonly source: number;
  /** Of one image: without the batch axis. */
  readonly shape: readonly number[];
  readonly weight: number;
  /** Which numbers of the value are meant; undefined: the mean of the squares of all. */
  readonly places?: readonly number[];
}

/** An objective that was checked against the model. */
export interface ResolvedObjective {
  readonly name: string;
  readonly parts: readonly ObjectivePart[];
}

interface Context {
  subject: Subject;
  shapes: number[][];
}

function layerOf({ subject: { plan }, shapes }: Context, layer: string) {
  const source = findValue(plan, layer);
  const shape = shapes[source].slice(1);
  const name = nameOfValue(plan, layer, source);
  expectSeesImages(plan, source, name);
  return { source, shape, name, channels: shape[shape.length - 1] };
}

function resolveClass({ subject }: Context, named: number | string): ResolvedObjective {
  const { classNames } = subject.images;
  const classes = expectClassifier(subject.plan);
  const index =
    typeof named === 'number'
      ? expectInteger('class', named, { max: classes - 1 })
      : classNames.indexOf(named);
  if (index < 0 || index >= classes) {
    const choices = classNames.length ? `${classNames.join(', ')} or an index` : 'an index (no classNames)';
    throw new InputError(`Expected class to be one of ${choices}, got ${JSON.stringify(named)}`);
  }
  const part = { source: SCORES, shape: [classes], weight: 1, places: [index] };
  return { name: classNames[index] ?? `class ${index}`, parts: [part] };
}

/** What an objective means for this model; throws an InputError that names what does not fit. */
function resolve(context: Context, objective: ImageObjective): ResolvedObjective {
  const kinds = ['class', 'channel', 'neuron', 'layer', 'sum'] as const;
  expectOneOf('the kind of an objective', objective.kind, kinds);
  switch (objective.kind) {
    case 'class':
      return resolveClass(context, objective.class);
    case 'layer': {
      const { source, shape, name } = layerOf(context, objective.layer);
      return { name, parts: [{ source, shape, weight: 1 }] };
    }
    case 'channel': {
      const { source, shape, name, channels } = layerOf(context, objective.layer);
      const { channel, reduction = 'mean' } = objective;
      expectInteger('channel', channel, { max: channels - 1 });
      expectOneOf('reduction', reduction, ['mean', 'sum']);
      const area = shape.slice(0, -1).reduce((a, b) => a * b, 1);
      const places = Array.from({ length: area }, (_, i) => i * channels + channel);
      const weight = reduction === 'mean' ? 1 / area : 1;
      return { name: `${name} #${channel}`, parts: [{ source, shape, weight, places }] };
    }
    case 'neuron': {
      const { source, shape, name, channels } = layerOf(context, objective.layer);
      const [height, width] = shape.length === 3 ? shape : [1, 1];
      const { channel, row = Math.floor(height / 2), column = Math.floor(width / 2) } = objective;
      if (shape.length !== 3 && shape.length !== 1)
        throw new InputError(`Expected layer to put out maps or units, got ${name} of shape [${shape}]`);
      expectInteger('channel', channel, { max: channels - 1 });
      expectInteger('row', row, { max: height - 1 });
      expectInteger('column', column, { max: width - 1 });
      const places = [(row * width + column) * channels + channel];
      const at = shape.length === 3 ? ` at ${row},${column}` : '';
      return { name: `${name} #${channel}${at}`, parts: [{ source, shape, weight: 1, places }] };
    }
    case 'sum': {
      if (!objective.terms?.length)
        throw new InputError('Expected a sum of at least one objective, got none');
      const terms = objective.terms.map(({ objective: inner, weight = 1 }) => ({
        weight,
        ...resolve(context, inner),
      }));
      const names = terms.map(({ name, weight }) => (weight === 1 ? name : `${weight} ${name}`));
      const parts = terms.flatMap((term) =>
        term.parts.map((part) => ({ ...part, weight: term.weight * part.weight })),
      );
      return { name: names.join(' + '), parts };
    }
  }
}

/** Checks objectives against a model; throws an InputError that names what does not fit, and what there is. */
export function resolveObjectives(
  subject: Subject,
  objectives: readonly ImageObjective[],
): ResolvedObjective[] {
  const context = { subject, shapes: valueShapes(subject) };
  return objectives.map((objective) => resolve(context, objective));
}

/** How the objectives of a batch of images, one an image, are read from what a model computes. */
export interface Scorer {
  /** The numbers of the values that it needs, SCORES possibly among them. */
  readonly sources: readonly number[];
  /** One score an image; differentiable. Takes the values in the order of `sources`. */
  scoresOf(values: readonly tf.Tensor[]): tf.Tensor1D;
  dispose(): void;
}

/** The objectives of some images as products with masks, so that all images are climbed in one run. */
export function createScorer(objectives: readonly ResolvedObjective[]): Scorer {
  const parts = objectives.flatMap((objective, image) => objective.parts.map((part) => ({ image, ...part })));
  const sources = [...new Set(parts.map(({ source }) => source))];
  const count = objectives.length;
  const terms = sources.map((source) => {
    const own = parts.filter((part) => part.source === source);
    const size = own[0].shape.reduce((a, b) => a * b, 1);
    const linear = own.filter(({ places }) => places);
    const squares = new Float32Array(count);
    for (const { image, weight, places } of own) if (!places) squares[image] += weight / size;
    let mask: tf.Tensor2D | undefined;
    if (linear.length) {
      const values = new Float32Array(count * size);
      for (const { image, weight, places } of linear)
        for (const place of places!) values[image * size + place] += weight;
      mask = tf.tensor2d(values, [count, size]);
    }
    return { size, mask, squares: squares.some(Boolean) ? tf.tensor1d(squares) : undefined };
  });
  return {
    sources,
    scoresOf: (values) =>
      tf.addN(
        terms.flatMap(({ size, mask, squares }, i) => {
          const flat = tf.reshape(values[i], [count, size]);
          return [
            ...(mask ? [tf.sum<tf.Tensor1D>(tf.mul(flat, mask), 1)] : []),
            ...(squares ? [tf.mul<tf.Tensor1D>(tf.sum(tf.square(flat), 1), squares)] : []),
          ];
        }),
      ),
    dispose: () =>
      tf.dispose(terms.flatMap(({ mask, squares }) => [mask, squares].filter((one) => one !== undefined))),
  };
}
