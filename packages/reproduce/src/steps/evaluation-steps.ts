import { evaluateOpenModel, saveEvaluation, type TestTimeAugmentation } from '@convlens/pipeline';
import { finiteNumber, metric, openObject } from '@convlens/storage';
import type { ProjectModel } from '../projects/project.js';
import { runOnce } from './run-once.js';
import { readSummary, type StepContext } from './step-context.js';

/** Evaluates the model on the test images and saves the evaluation in the summary of the run. */
export async function evaluationStep(context: StepContext): Promise<void> {
  const { planned, test, inputs, renderOptions, openModel, onStep } = context;
  const { store } = planned;
  await runOnce(store, {
    name: 'evaluation',
    result: openObject({ accuracy: metric(), loss: metric() }),
    inputs,
    run: async () => {
      onStep('evaluating');
      const { signal } = renderOptions;
      const evaluation = await evaluateOpenModel(await openModel(), test, { signal });
      await saveEvaluation(store, await readSummary(store), evaluation);
      return { accuracy: evaluation.accuracy, loss: evaluation.loss };
    },
    // Another evaluation, such as one with test-time augmentation, may have replaced it in the summary.
    isIntact: async ({ accuracy, loss }) => {
      const { test: savedTest } = await readSummary(store);
      return savedTest?.accuracy === accuracy && savedTest.loss === loss;
    },
  });
}

export type TestTimeAccuracies = Partial<Record<TestTimeAugmentation, number>>;

/** The test accuracies with the test-time augmentations that the reported results name. */
export async function testTimeAugmentationSteps(context: StepContext): Promise<TestTimeAccuracies> {
  const { planned, test, inputs, renderOptions, openModel, onStep } = context;
  const accuracies: TestTimeAccuracies = {};
  for (const testTimeAugmentation of testTimeAugmentationsOf(planned.model))
    accuracies[testTimeAugmentation] = await runOnce(planned.store, {
      name: `evaluation-${testTimeAugmentation}`,
      result: finiteNumber({ min: 0, max: 1 }),
      inputs,
      run: async () => {
        onStep(`evaluating with test-time augmentation ${testTimeAugmentation}`);
        const options = { testTimeAugmentation, signal: renderOptions.signal };
        return (await evaluateOpenModel(await openModel(), test, options)).accuracy;
      },
      isIntact: async () => true,
    });
  return accuracies;
}

const testTimeAugmentationsOf = ({ reportedResults }: ProjectModel): TestTimeAugmentation[] =>
  reportedResults.flatMap(({ measure }) =>
    typeof measure !== 'string' && 'testTimeAugmentation' in measure ? [measure.testTimeAugmentation] : [],
  );
