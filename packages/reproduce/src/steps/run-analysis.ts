import type { ImageSet } from '@convlens/core';
import {
  explain,
  renderFigures,
  RUN_FILES,
  type ExplainMethod,
  type OpenModel,
  type RenderFiguresOptions,
} from '@convlens/pipeline';
import { list, openObject, substore, type BlobStore } from '@convlens/storage';
import * as v from 'valibot';
import type { Analysis } from '../projects/project.js';
import { reportTable } from '../reproduction-results.js';

export const analysisResult = openObject({
  figures: list(openObject({ name: v.string(), caption: v.string() })),
  table: v.optional(reportTable),
  conclusion: v.optional(v.string()),
});

/** The result of an analysis. Its figures are in the figures folder of the run. */
export type AnalysisResult = Readonly<v.InferOutput<typeof analysisResult>>;

/** Distinguishes the figures of the analyses from those of the report, some of which have the same names. */
export const ANALYSIS_PREFIX = 'project_';

/**
 * Explains the model by the method of an analysis and renders the figures into the figures folder of the run.
 */
export async function runAnalysis(
  { title, ...analysis }: Analysis,
  options: Omit<RenderFiguresOptions, 'store'> & {
    readonly store: BlobStore;
    readonly opened: OpenModel;
    readonly images: ImageSet;
    readonly methods?: readonly ExplainMethod[];
  },
): Promise<AnalysisResult> {
  const { store, opened, images, methods, ...renderOptions } = options;
  const { signal } = renderOptions;
  const { figures, table, conclusion } = await explain(opened, { ...analysis, images, methods, signal });
  const specs = figures.map((figure) => ({ ...figure, name: `${ANALYSIS_PREFIX}${figure.name}` }));
  await renderFigures(specs, { ...renderOptions, store: substore(store, RUN_FILES.figures) });
  return {
    figures: specs.map(({ name, caption }) => ({ name, caption })),
    ...(table && { table: { title, ...table } }),
    ...(conclusion && { conclusion }),
  };
}
