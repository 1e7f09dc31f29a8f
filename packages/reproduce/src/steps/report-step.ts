import { InputError } from '@convlens/core';
import { reportRun, RUN_FILES } from '@convlens/pipeline';
import type { ReportFigure, ReportSection, ReportTable } from '@convlens/render-d3/report';
import { list, openObject, type BlobStore } from '@convlens/storage';
import * as v from 'valibot';
import type { PlannedModel } from '../plan.js';
import type { Analysis } from '../projects/project.js';
import type { AnalysisResult } from './run-analysis.js';
import { runOnce } from './run-once.js';
import { hasAllFigures, readFigure } from './saved-figures.js';
import type { StepContext } from './step-context.js';

interface ReportContent {
  readonly comparison: ReportTable;
  readonly analysisResults: readonly AnalysisResult[];
}

/** Writes the report of the run, with the comparison before and the analyses after its other sections. */
export async function reportStep(
  context: StepContext,
  { comparison, analysisResults }: ReportContent,
): Promise<void> {
  const { planned, train, test, detail, inputs, renderOptions, onStep } = context;
  const { model, store, caveat } = planned;
  await runOnce(store, {
    name: 'report',
    result: list(openObject({ name: v.string() })),
    inputs: { ...inputs, detail, comparison, analyses: model.analyses },
    run: async () => {
      onStep('report');
      const names: string[] = [];
      await reportRun({
        ...renderOptions,
        store,
        train,
        test,
        detail,
        remark: caveat,
        before: [comparisonSection(planned, comparison)],
        after: [await analysesSection(store, model.analyses, analysisResults)],
        onFigure: (name) => names.push(name),
      });
      return names.map((name) => ({ name }));
    },
    isIntact: async (figures) =>
      (await store.read(RUN_FILES.report)) !== undefined && hasAllFigures(store, { figures }),
  });
}

const comparisonSection = ({ model, caveat }: PlannedModel, comparison: ReportTable): ReportSection => ({
  id: 'comparison',
  title: 'Reported and reproduced results',
  text: [caveat, ...model.differences].filter(Boolean).join('\n\n'),
  tables: [comparison],
});

async function analysesSection(
  store: BlobStore,
  analyses: readonly Analysis[],
  results: readonly AnalysisResult[],
): Promise<ReportSection> {
  const figures: ReportFigure[] = [];
  for (const [i, result] of results.entries())
    for (const { name, caption } of result.figures) {
      const svg = await readFigure(store, name);
      if (svg === undefined)
        throw new InputError(`Expected ${name}.svg in ${store.location}/${RUN_FILES.figures}`);
      figures.push({ name, caption, svg, note: `${analyses[i].title}.` });
    }
  return {
    id: 'analyses',
    title: 'Analyses of the project',
    text: results.flatMap(({ conclusion }) => conclusion ?? []).join('\n\n'),
    figures,
    tables: results.flatMap(({ table }) => table ?? []),
  };
}
