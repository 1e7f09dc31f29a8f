import type * as tf from '@tensorflow/tfjs';
import {
  expectObject,
  expectImageArray,
  expectInteger,
  expectOptions,
  InputError,
  type Heatmap,
  type Images,
  type OptionNames,
  type PerturbationCurve,
} from '@convlens/core';
import {
  ATTRIBUTION_OPTIONS,
  openExplainSession,
  type AttributionOptions,
} from '../attribution/explain-session.js';
import { expectBaseline, type Baseline } from './baseline.js';
import { scoresOf } from '../model/select-output.js';
import { perturbedScores } from './perturbed-scores.js';

export interface PerturbationOptions extends AttributionOptions {
  /**
   * One heatmap per image, in the order and of the size of the images, as the attribution methods return
   * them.
   */
  heatmaps: readonly Heatmap[];
  /**
   * The image that replaces deleted pixels, or that pixels are inserted into; default 'mean' for deletion,
   * 'blur' for insertion.
   */
  baseline?: Baseline;
  /** The number of steps from no changed pixels to all; default 32, an integer >= 1. */
  steps?: number;
  /** The score of a class: its 'logit' or 'probability' (default). */
  score?: AttributionOptions['score'];
  /** Default: the classes of the heatmaps. */
  target?: AttributionOptions['target'];
}

const PERTURBATION_OPTIONS: OptionNames<PerturbationOptions> = {
  ...ATTRIBUTION_OPTIONS,
  heatmaps: true,
  baseline: true,
  steps: true,
};

function expectHeatmaps(
  heatmaps: readonly Heatmap[],
  { count, height, width }: Pick<Images, 'count' | 'height' | 'width'>,
): void {
  if (!Array.isArray(heatmaps) || heatmaps.length !== count)
    throw new InputError(
      `Expected heatmaps to hold ${count} maps, one per image, got ${heatmaps?.length ?? String(heatmaps)}`,
    );
  const wrong = heatmaps.find((map) => map.height !== height || map.width !== width);
  if (wrong)
    throw new InputError(
      `Expected heatmaps of ${height} x ${width}, the size of the images, ` +
        `got ${wrong.height} x ${wrong.width}`,
    );
}

function areaUnder(fractions: Float32Array, scores: Float32Array): number {
  let area = 0;
  for (let k = 1; k < fractions.length; k++)
    area += ((fractions[k] - fractions[k - 1]) * (scores[k] + scores[k - 1])) / 2;
  return area;
}

async function perturbationCurves(
  model: tf.LayersModel,
  images: Images,
  {
    kind,
    heatmaps,
    baseline,
    steps = 32,
    score,
    target,
    ...options
  }: PerturbationOptions & { kind: PerturbationCurve['kind']; baseline: Baseline },
): Promise<PerturbationCurve[]> {
  const { height, width } = images;
  expectHeatmaps(heatmaps, { count: options.indices?.length ?? images.count, height, width });
  expectInteger('steps', steps, { min: 1 });
  expectBaseline(baseline);
  const classes = heatmaps.map(({ classIndex }) => classIndex);
  const isValue = scoresOf(model, { output: options.output }).kind === 'values';
  const session = openExplainSession(model, images, {
    ...options,
    target: target ?? (isValue ? 'predicted' : classes),
    score: score ?? (isValue ? 'logit' : 'probability'),
  });
  const pixels = height * width;
  const changedCounts = Array.from({ length: steps + 1 }, (_, k) => Math.round((k * pixels) / steps));
  const fractions = Float32Array.from(changedCounts, (count) => count / pixels);
  const curves: PerturbationCurve[] = [];
  await session.forEachBatch(async (batch) => {
    const { start, targetFieldsOf } = batch;
    const [count] = batch.x.shape;
    const batchHeatmaps = heatmaps.slice(start, start + count);
    const stepScores = await perturbedScores(batch, batchHeatmaps, { kind, baseline, changedCounts });
    batchHeatmaps.forEach(({ method, methodTitle, layer }, i) => {
      const scores = Float32Array.from(changedCounts, (_, step) => stepScores[step * count + i]);
      curves.push({
        kind,
        method,
        ...(methodTitle !== undefined && { methodTitle }),
        ...(layer !== undefined && { layer }),
        ...targetFieldsOf(i),
        fractions,
        scores,
        auc: areaUnder(fractions, scores),
      });
    });
  });
  return curves;
}

/**
 * Deletion curves: the probability of the explained class while the pixels of each image are replaced by the
 * baseline, in descending order of attribution. The faster it falls, the more faithful the heatmap. Petsiuk,
 * Das, Saenko, RISE (2018).
 */
export async function deletionCurves(
  model: tf.LayersModel,
  images: Images,
  options: PerturbationOptions,
): Promise<PerturbationCurve[]> {
  expectOptions('deletionCurves', options, PERTURBATION_OPTIONS);
  expectObject('the options of deletionCurves', options);
  expectImageArray('images', images);
  const { baseline = 'mean' } = options;
  return perturbationCurves(model, images, { ...options, baseline, kind: 'deletion' });
}

/**
 * Insertion curves: the probability of the explained class while the pixels of each image are inserted into
 * the baseline, in descending order of attribution. The faster it rises, the more faithful the heatmap.
 * Petsiuk, Das, Saenko, RISE (2018).
 */
export async function insertionCurves(
  model: tf.LayersModel,
  images: Images,
  options: PerturbationOptions,
): Promise<PerturbationCurve[]> {
  expectOptions('insertionCurves', options, PERTURBATION_OPTIONS);
  expectObject('the options of insertionCurves', options);
  expectImageArray('images', images);
  const { baseline = 'blur' } = options;
  return perturbationCurves(model, images, { ...options, baseline, kind: 'insertion' });
}
