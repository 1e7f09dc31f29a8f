import type { ImageSet } from '@convlens/core';
import {
  explain,
  renderFigures,
  RUN_FILES,
  type ExplainMethod,
  type OpenModel,
  type RenderFiguresOptions,
} from '@convlens/pipeline';
import type { ReportTable } from '@convlens/render-d3/report';
import { substore, type BlobStore } from '@convlens/storage';
import type { Analysis } from '../projects/project.js';

/** The result of an analysis. Its figures are in the figures folder of the run. */
export interface AnalysisResult {
  readonly figures: readonly { readonly name: string; readonly caption: string }[];
  readonly table?: ReportTable;
  readonly conclusion?: string;
}

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
