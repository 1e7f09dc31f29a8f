import * as tf from '@tensorflow/tfjs';
import {
  expectObject,
  expectList,
  expectOptions,
  imageIndex,
  type Images,
  type OptionNames,
} from '@convlens/core';
import { expectFiniteOutputs } from '../model/expect-finite-outputs.js';
import { expectFiniteWeights } from '../model/finite-weights.js';
import { forEachBatch } from '../model/for-each-batch.js';
import { INFERENCE_OPTIONS, type InferenceOptions } from '../model/inference-options.js';
import type { ModelGraph } from '../model/model-graph.js';
import { openModelInput, valueShapes } from '../model/model-input.js';
import { expectClassScores, readScores, type ScoreReading } from '../model/score-reading.js';
import { observedBatch, runBatch } from './observed-batch.js';
import { observedLayer } from './observed-layer.js';
import type { Observer, ObserverContext, Results } from './observer.js';

export type Observers = readonly Observer<unknown>[];

export interface ObserveOptions<O extends Observers> extends InferenceOptions {
  /** The observers. */
  observers: O;
}

const OBSERVE_OPTIONS: OptionNames<ObserveOptions<Observers>> = { ...INFERENCE_OPTIONS, observers: true };

/**
 * Runs a model over images once, in batches of `batchSize` (default 100), for any number of observers.
 * Returns their results, in their order. Memory does not grow with the number of images, unless an observer's
 * result does.
 *
 * @throws InputError if the images do not fit the model, a weight is not finite, or an observer's layer does
 * not exist.
 */
export async function observe<const O extends Observers>(
  model: tf.LayersModel,
  images: Images,
  options: ObserveOptions<O>,
): Promise<Results<O>> {
  expectOptions('observe', options, OBSERVE_OPTIONS);
  expectObject('the options of observe', options);
  expectList('observers', options.observers, expectObject);
  return runObservers(model, images, options);
}

/** How the scores are read that observers need; undefined if none needs scores. */
function readScoresFor(observers: Observers, graph: ModelGraph): ScoreReading | undefined {
  const reading = observers.filter(({ probabilities }) => probabilities);
  if (reading.length === 0) return undefined;
  return reading.every(({ acceptsValues }) => acceptsValues) ? readScores(graph) : expectClassScores(graph);
}

/** `observe` without the check of the option names, for functions that have checked their own. */
export async function runObservers<const O extends Observers>(
  model: tf.LayersModel,
  images: Images,
  { observers, batchSize = 100, ...options }: ObserveOptions<O>,
): Promise<Results<O>> {
  const modelInput = openModelInput(model, images, options);
  const { graph } = modelInput;
  await expectFiniteWeights(graph);
  const shapes = valueShapes(modelInput);
  const names = observers.flatMap(({ layers = [] }) => layers);
  const layers = new Map(names.map((name) => [name, observedLayer(graph, shapes, name)]));
  const values = [...new Set([...layers.values()].map(({ value }) => value))];
  const reading = readScoresFor(observers, graph);
  const classes = reading?.classCount ?? 0;
  const score = reading && (reading.kind === 'values' ? 'logit' : 'probability');
  const layer = (nameOrRole: string) => layers.get(nameOrRole)!;
  const context: ObserverContext = {
    images: modelInput.images,
    classes,
    layer,
    indexOf: (position) => imageIndex(modelInput.images, position),
  };
  const collectors = observers.map((observer) => observer.begin(context));
  await forEachBatch(modelInput, { batchSize, ...options }, async (x, start, otherInputs) => {
    const results = runBatch(modelInput, x, { values, score, otherInputs });
    try {
      const batch = await observedBatch(results, { start, count: x.shape[0], classes, layer });
      const scores = classes > 0 ? batch.probabilities : batch.outputValues;
      await expectFiniteOutputs(modelInput, scores, { x, start, otherInputs });
      for (const collector of collectors) {
        options.signal?.throwIfAborted();
        await collector.add(batch);
      }
    } finally {
      tf.dispose([results.scores, ...results.outputs.values()]);
    }
  });
  return collectors.map((collector) => collector.finish()) as Results<O>;
}
