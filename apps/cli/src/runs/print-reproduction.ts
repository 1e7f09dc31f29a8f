import { join } from 'node:path';
import { formatCount, formatDuration } from '@convlens/core';
import { RUN_FILES } from '@convlens/pipeline';
import type { PlannedModel, ReproductionPlan, ReproductionResults } from '@convlens/reproduce';
import { benchmark } from '../backend/benchmark.js';
import type { Console } from '../terminal/console.js';
import { formatTable } from '../terminal/format-table.js';

/** The number of images that the training time of a model is estimated with, and the fewest batches. */
const TIMED_IMAGES = 320;
const MIN_TIMED_BATCHES = 4;

/** The estimated training time of a model; `text` is for people. */
interface TrainingEstimate {
  readonly recipe: string;
  readonly remainingEpochs: number;
  readonly seconds: number;
  readonly imagesPerSecond?: number;
  readonly text: string;
}

/** Prints the models of a project with their estimated training times, measured on a few batches of noise. */
export async function printPlan(plan: ReproductionPlan, console: Console): Promise<void> {
  const { name, title, scale, models } = plan;
  const estimates: TrainingEstimate[] = [];
  for (const planned of models) estimates.push(await estimateTraining(planned));
  const seconds = estimates.reduce((sum, estimate) => sum + estimate.seconds, 0);
  const lines = [
    `${name}: ${title}`,
    ...estimates.flatMap(({ recipe, text }, i) => [
      `  ${recipe}: ${text}`,
      ...(models[i].caveat ? [`    ${models[i].caveat}`] : []),
    ]),
    seconds > 0
      ? `estimated training time: ${formatDuration(seconds)} (measured on a few batches of noise); the analyses take a few minutes more`
      : 'training is complete; the remaining analyses take a few minutes',
  ];
  const fields = { project: name, scale, seconds, models: estimates.map(({ text: _, ...fields }) => fields) };
  console.event('plan', fields, lines.join('\n'));
}

async function estimateTraining(planned: PlannedModel): Promise<TrainingEstimate> {
  const { settings, images, remainingEpochs } = planned;
  const { recipe } = planned.model;
  const { batchSize, stepsPerEpoch, model, epochs } = settings;
  if (remainingEpochs === 0) return { recipe, remainingEpochs, seconds: 0, text: 'training complete' };
  const steps = Math.max(MIN_TIMED_BATCHES, Math.ceil(TIMED_IMAGES / batchSize));
  const speed = await benchmark(batchSize, { model, steps });
  const imagesPerSecond = speed.trainImagesPerSecond!;
  const imagesPerEpoch = stepsPerEpoch === undefined ? images.train : stepsPerEpoch * batchSize;
  const epochSeconds = imagesPerEpoch / imagesPerSecond + images.validation / speed.inferenceImagesPerSecond;
  const seconds = remainingEpochs * epochSeconds;
  const text =
    `up to ${remainingEpochs} of ${epochs} epochs of ${formatCount(imagesPerEpoch)} images remaining: ` +
    `about ${formatDuration(seconds)} at ${Math.round(imagesPerSecond)} images/s`;
  return { recipe, remainingEpochs, seconds, imagesPerSecond, text };
}

/** Prints the comparison of a model with the reported results of its project. */
export function printResults(results: ReproductionResults, { store }: PlannedModel, console: Console): void {
  const { recipe, comparison, differences, caveat } = results;
  const paths = ['results.md', 'results.json', RUN_FILES.report].map((name) => join(store.location, name));
  const lines = [
    '',
    ...(caveat ? [caveat, ''] : []),
    formatTable([comparison.columns, ...comparison.rows]),
    '',
    ...differences,
    '',
    `${recipe}: ${paths.join(', ')}`,
  ];
  console.event('results', { ...results, path: store.location }, lines.join('\n'));
}
