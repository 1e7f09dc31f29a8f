import { isInputError } from '@convlens/core';
import { take } from '@convlens/image-set';
import { readRun, RUN_FILES } from '@convlens/pipeline';
import type { ReportTable } from '@convlens/render-d3/report';
import type { BlobStore } from '@convlens/storage';
import { compareResults } from './compare-results.js';
import type { PlannedModel, ReproductionPlan } from './plan.js';
import type { ReproduceOptions } from './reproduce-options.js';
import type { ReproductionResults } from './reproduction-results.js';
import { readResults, writeResults } from './results.js';
import { analysisSteps } from './steps/analysis-steps.js';
import { evaluationStep, testTimeAugmentationSteps } from './steps/evaluation-steps.js';
import { reportStep } from './steps/report-step.js';
import { savedFigureNames } from './steps/saved-figures.js';
import { lazyModel, readSummary, type StepContext } from './steps/step-context.js';
import { trainingStep } from './steps/training-step.js';

/** Runs the steps of one model, each once, and writes its results. */
export async function reproduceModel(
  planned: PlannedModel,
  plan: ReproductionPlan,
  options: ReproduceOptions,
): Promise<ReproductionResults> {
  const { settings, store, images } = planned;
  const { data, limit } = settings;
  const train = await options.load({ data, split: 'train', limit });
  const test = take(await options.load({ data, split: 'test' }), images.test);
  await trainingStep(planned, train, options);
  const trainedModel = lazyModel(store);
  try {
    const { document, toPng, signal, detail = 'normal', methods, onStep } = options;
    const { best, epochs } = await readSummary(store);
    const context: StepContext = {
      planned,
      train,
      test,
      detail,
      ...(methods && { methods }),
      renderOptions: { document, toPng, signal },
      inputs: { epochs, best: best.epoch, images },
      openModel: trainedModel.open,
      onStep: (step) => onStep?.(planned.model.recipe, step),
    };
    await evaluationStep(context);
    const testTimeAccuracies = await testTimeAugmentationSteps(context);
    const analysisResults = await analysisSteps(context);
    const comparison = compareResults(planned.model.reportedResults, {
      history: (await readRun(store)).history,
      summary: await readSummary(store),
      tables: analysisResults.flatMap(({ table }) => table ?? []),
      testTimeAccuracies,
    });
    await reportStep(context, { comparison, analysisResults });
    const results = await collectResults(context, { plan, comparison, note: options.note });
    await writeResults(store, results, { figuresFolder: `${RUN_FILES.figures}/` });
    return results;
  } finally {
    trainedModel.dispose();
  }
}

async function collectResults(
  { planned, detail }: StepContext,
  { plan, comparison, note }: { plan: ReproductionPlan; comparison: ReportTable; note: string | undefined },
): Promise<ReproductionResults> {
  const { model, settings, store, images, caveat } = planned;
  const { description, history } = await readRun(store);
  const noteText = note ?? (await previousNote(store));
  const figureNames = await savedFigureNames(store, Object.keys(model.figures));
  return {
    recipe: model.recipe,
    title: plan.title,
    command: commandLineOf(planned, { scale: plan.scale, detail }),
    scale: plan.scale,
    settings,
    images,
    ...(caveat !== undefined && { caveat }),
    backend: description.backend,
    versions: description.versions,
    hours: history.reduce((sum, { seconds }) => sum + seconds, 0) / 3600,
    history,
    comparison,
    differences: model.differences,
    ...(noteText !== undefined && { note: noteText }),
    // A model without mistakes has no figure of them.
    figures: Object.fromEntries(figureNames.map((name) => [name, model.figures[name]])),
  };
}

/** The note of a previous call; undefined if the results are damaged, since they are written again. */
async function previousNote(store: BlobStore): Promise<string | undefined> {
  try {
    return (await readResults(store))?.note;
  } catch (error) {
    if (isInputError(error)) return undefined;
    throw error;
  }
}

/** The command that repeats the reproduction of a model. */
function commandLineOf(
  { model, usesStandIn }: PlannedModel,
  { scale, detail }: Pick<StepContext, 'detail'> & { scale: number },
): string {
  return [
    `convlens reproduce ${model.recipe}`,
    ...(scale < 1 ? [`--scale ${scale}`] : []),
    ...(usesStandIn ? ['--generate-svhn'] : []),
    ...(detail === 'normal' ? [] : [`--detail ${detail}`]),
  ].join(' ');
}
