import { substore } from '@convlens/storage';
import { renderReport, type Report, type ReportSection } from '@convlens/render-d3/report';
import { drawFigures, type DrawOptions } from '../draw.js';
import { names, readText } from '../run-folder.js';
import { namedApart, type SectionPlan } from './section.js';

interface WriteReportOptions extends DrawOptions {
  sections: readonly SectionPlan[];
  /** Sections whose figures are drawn already, before and after the others. Default none. */
  before?: readonly ReportSection[];
  after?: readonly ReportSection[];
}

/** Draws the figures of all sections into the run folder `store`, and writes report.html, which holds them all. */
export async function writeReport(
  head: Omit<Report, 'sections' | 'notes' | 'discussion'>,
  { sections, before = [], after = [], store, ...drawOptions }: WriteReportOptions,
): Promise<void> {
  const drawing = { ...drawOptions, store: substore(store, names.figures) };
  const drawn = [];
  for (const { figures, ...section } of sections) {
    const plans = namedApart(figures);
    const svgs = await drawFigures(plans, drawing);
    drawn.push({ ...section, figures: plans.map(({ draw: _, ...plan }, i) => ({ ...plan, svg: svgs[i] })) });
  }
  const discussion = {
    text: `Write your own in ${names.notes}, beside this report, and make the report again.`,
  };
  const notes = await readText(store, names.notes);
  const html = renderReport({ ...head, sections: [...before, ...drawn, ...after], discussion, notes });
  await store.write(names.report, new TextEncoder().encode(html));
}
