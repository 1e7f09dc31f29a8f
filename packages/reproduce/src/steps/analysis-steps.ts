import { analysisResult, runAnalysis, type AnalysisResult } from './run-analysis.js';
import { runOnce } from './run-once.js';
import { hasAllFigures } from './saved-figures.js';
import type { StepContext } from './step-context.js';

/** The results of the analyses of a model, in their order. */
export async function analysisSteps(context: StepContext): Promise<AnalysisResult[]> {
  const { planned, test, inputs, renderOptions, methods, openModel, onStep } = context;
  const { model, store } = planned;
  const results: AnalysisResult[] = [];
  for (const [i, analysis] of model.analyses.entries())
    results.push(
      await runOnce(store, {
        name: `analysis-${String(i + 1).padStart(2, '0')}-${analysis.method}`,
        result: analysisResult,
        inputs: { ...inputs, analysis },
        run: async () => {
          onStep(analysis.title);
          const opened = await openModel();
          return runAnalysis(analysis, { ...renderOptions, store, opened, images: test, methods });
        },
        isIntact: (result) => hasAllFigures(store, result),
      }),
    );
  return results;
}
