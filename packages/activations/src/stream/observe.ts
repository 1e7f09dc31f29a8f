import * as tf from '@tensorflow/tfjs';
import { InputError, type Images, type Region } from '@convlens/core';
import { findValue, nameOfValue } from '../model/find-layer.js';
import { expectFiniteWeights } from '../model/finite-weights.js';
import { runPlan } from '../model/graph.js';
import { isPlainRelu } from '../model/layer-kinds.js';
import { receptiveField } from '../model/receptive-field.js';
import { borrowValues } from '../model/borrow-values.js';
import { reduceMaps, type Reduction } from './reduction.js';
import { expectClassifier, runScores } from '../model/scores.js';
import { forEachBatch, indexOf, openSubject, valueShapes, type ReadOptions } from '../model/subject.js';

/** A layer that is observed. */
export interface ObservedLayer {
  readonly name: string;
  /** Stands for what it puts out: the same number, the same values. */
  readonly value: number;
  /** The value that it puts out the positive part of, if it is a ReLU and nothing else. */
  readonly rectifies?: number;
  /** Of its output for one image: 1 x 1 for a dense layer, whose units are the channels. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Whether it puts out maps, rather than one number a unit. */
  readonly spatial: boolean;
  /** The part of the image that can change a place of its output. */
  fieldOf(row: number, column: number): Region;
}

/** What an observer is told before the first batch. */
export interface Observed {
  readonly images: Images;
  /** How many classes the model knows; 0 unless the observer asked for probabilities. */
  readonly classes: number;
  /** A layer that the observer named. */
  layer(nameOrRole: string): ObservedLayer;
  /** Where an image stands in the set it was taken from. */
  indexOf(position: number): number;
}

/** Some images on their way through the model. */
export interface ObservedBatch {
  /** The position of the first image. */
  readonly start: number;
  readonly count: number;
  /** What a layer puts out, count x height x width x channels. Not to be disposed, and gone after `add`. */
  output(nameOrRole: string): tf.Tensor4D;
  /** The same as numbers, read back once for all observers. Not to be changed, and gone after `add`. */
  values(nameOrRole: string): Promise<Float32Array>;
  /** Each map as one number, count x channels, computed once for all observers. Not to be changed. */
  answers(nameOrRole: string, reduction: Reduction): Promise<Float32Array>;
  /** count x classes, if the observer asked for them. */
  readonly probabilities: Float32Array;
}

/** Looks at what a model does with images, batch by batch, and makes a record of it. */
export interface Observer<Result> {
  /** The layers it looks at, by name or role. */
  readonly layers?: readonly string[];
  /** Whether it looks at class probabilities. */
  readonly probabilities?: boolean;
  /** Checks its options against the model and the images, and starts afresh. */
  begin(observed: Observed): {
    add(batch: ObservedBatch): void | Promise<void>;
    finish(): Result;
  };
}

/** The results of some observers, in their order. */
export type Results<Observers extends readonly Observer<unknown>[]> = {
  -readonly [K in keyof Observers]: Observers[K] extends Observer<infer Result> ? Result : never;
};

/** Keeps what `make` gives for a key, so that it is made once. */
function memory<T>() {
  const known = new Map<string, T>();
  return (key: string, make: () => T): T => {
    if (!known.has(key)) known.set(key, make());
    return known.get(key)!;
  };
}

export interface ObserveOptions<Observers extends readonly Observer<unknown>[]> extends ReadOptions {
  /** Who looks on. */
  observers: Observers;
}

/**
 * Runs a model over images once, `batchSize` (default 100) at a time, while any number of observers look on; returns
 * what each found, in their order. Memory does not grow with the number of images, unless an observer's result does.
 */
export async function observe<const Observers extends readonly Observer<unknown>[]>(
  model: tf.LayersModel,
  images: Images,
  { observers, batchSize = 100, ...options }: ObserveOptions<Observers>,
): Promise<Results<Observers>> {
  const subject = openSubject(model, images, options);
  const { plan } = subject;
  await expectFiniteWeights(plan);
  const wanted = [...new Set(observers.flatMap(({ layers = [] }) => layers))];
  const values = wanted.map((name) => findValue(plan, name));
  const classes = observers.some(({ probabilities }) => probabilities) ? expectClassifier(plan) : 0;
  const shapes = valueShapes(subject);
  const layers = new Map(
    values.map((value, i): [string, ObservedLayer] => {
      const name = nameOfValue(plan, wanted[i], value);
      const shape = shapes[value];
      if (shape.length !== 4 && shape.length !== 2)
        throw new InputError(
          `Expected layer to put out maps or units, got ${name}, which puts out [${shape.slice(1)}]`,
        );
      const spatial = shape.length === 4;
      const [height, width] = spatial ? shape.slice(1) : [1, 1];
      const fieldOf = (row: number, column: number) => receptiveField(plan, { value, shapes, row, column });
      const step = plan.steps.find(({ outputs }) => outputs[0] === value);
      const rectifies = step && isPlainRelu(step.layer) ? step.inputs[0] : undefined;
      const sizes = { height, width, channels: shape.at(-1)!, spatial };
      return [wanted[i], { name, value, rectifies, ...sizes, fieldOf }];
    }),
  );
  const observed: Observed = {
    images,
    classes,
    layer: (name) => layers.get(name)!,
    indexOf: (position) => indexOf(images, position),
  };
  const indexOfValue = (name: string) => values[wanted.indexOf(name)];
  const folds = observers.map((observer) => observer.begin(observed));
  await forEachBatch(subject, { batchSize, ...options }, async (x, start, replace) => {
    const count = x.shape[0];
    const [probabilities, ...outputs] = tf.tidy(() => {
      const all = classes
        ? runScores(plan, x, { score: 'probability', wanted: values, replace })
        : [tf.zeros([0]), ...runPlan(plan, [x], values, { replace })];
      return all.map((y, i) => (i > 0 && y.rank === 2 ? tf.reshape(y, [count, 1, 1, -1]) : y));
    });
    try {
      const output = (name: string) => outputs[wanted.indexOf(name)] as tf.Tensor4D;
      const once = memory<Promise<Float32Array>>();
      const batch: ObservedBatch = {
        start,
        count,
        output,
        values: (name) => once(`${indexOfValue(name)}`, () => borrowValues(output(name))),
        answers: (name, reduction) =>
          once(`${indexOfValue(name)} ${reduction}`, () => reduceMaps(output(name), reduction)),
        probabilities: (await probabilities.data()) as Float32Array,
      };
      for (const fold of folds) {
        options.signal?.throwIfAborted();
        await fold.add(batch);
      }
    } finally {
      tf.dispose([probabilities, ...outputs]);
    }
  });
  return folds.map((fold) => fold.finish()) as Results<Observers>;
}
