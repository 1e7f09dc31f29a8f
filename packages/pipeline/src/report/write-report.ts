import { renderReport, type Report, type ReportSection } from '@convlens/render-d3/report';
import { substore, writeText } from '@convlens/storage';
import { withUniqueNames } from '../figures/figure-spec.js';
import { renderFigures, type RenderFiguresOptions } from '../figures/render-figures.js';
import { RUN_FILES } from '../run/run-folder.js';
import type { SectionSpec } from './sections/report-section.js';

/** The parts of a report that are not sections. */
export type ReportHead = Pick<Report, 'title' | 'subtitle' | 'facts'>;

interface WriteReportOptions extends RenderFiguresOptions {
  readonly sections: readonly SectionSpec[];
  /** The user's notes, as Markdown. Default none. */
  readonly notes: string | undefined;
  /** Sections with rendered figures, before and after the others. Default none. */
  readonly before?: readonly ReportSection[];
  readonly after?: readonly ReportSection[];
}

/**
 * Renders the figures of all sections into the folder `store`, and writes report.html, which contains them.
 */
export async function writeReport(
  head: ReportHead,
  { sections, before = [], after = [], notes, store, ...options }: WriteReportOptions,
): Promise<void> {
  const renderOptions = { ...options, store: substore(store, RUN_FILES.figures) };
  const rendered: ReportSection[] = [];
  for (const section of sections) rendered.push(await renderSection(section, renderOptions));
  const html = renderReport({
    ...head,
    sections: [...before, ...rendered, ...after],
    discussion: {
      text: `Write your own notes in ${RUN_FILES.notes}, beside this report, and regenerate the report.`,
    },
    notes,
  });
  await writeText(store, RUN_FILES.report, html);
}

async function renderSection(
  { figures, ...section }: SectionSpec,
  options: RenderFiguresOptions,
): Promise<ReportSection> {
  const specs = withUniqueNames(figures);
  const svgs = await renderFigures(specs, options);
  return { ...section, figures: specs.map(({ render: _, ...figure }, i) => ({ ...figure, svg: svgs[i] })) };
}
