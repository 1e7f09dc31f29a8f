import { InputError, type ImageSet } from '@convlens/core';
import { substore, type BlobStore } from '@convlens/storage';
import type { ReportFigure, ReportSection, ReportTable } from '@convlens/render-d3/report';
import { drawFigures, type DrawOptions } from '../draw.js';
import { explain } from '../explain/explain.js';
import { names, readText } from '../run-folder.js';
import type { Subject } from '../subject.js';
import type { Look } from './source.js';

/** What a look found, but for the drawings themselves, which lie in the figures folder. */
export interface Finding {
  readonly figures: readonly { readonly name: string; readonly caption: string }[];
  readonly table?: ReportTable;
  readonly conclusion?: string;
}

/** Tells the figures of looks from those of the report, of which some have the same names. */
const PREFIX = 'source_';

/** Looks inside by one method and draws what it finds into the figures folder of a run. */
export async function look(
  { title, ...request }: Look,
  options: Omit<DrawOptions, 'store'> & { store: BlobStore; subject: Subject; images: ImageSet },
): Promise<Finding> {
  const { store, subject, images, ...drawOptions } = options;
  const { signal } = drawOptions;
  const { figures: plans, table, conclusion } = await explain(subject, { ...request, images, signal });
  const figures = plans.map((plan) => ({ ...plan, name: `${PREFIX}${plan.name}` }));
  await drawFigures(figures, { ...drawOptions, store: substore(store, names.figures) });
  return {
    figures: figures.map(({ name, caption }) => ({ name, caption })),
    ...(table && { table: { title, ...table } }),
    ...(conclusion && { conclusion }),
  };
}

/** Whether every drawing lies in the figures folder of a run; what names no drawings, as damaged steps, has none. */
export async function isDrawn(
  store: BlobStore,
  { figures }: { figures?: readonly { readonly name: string }[] },
): Promise<boolean> {
  if (!Array.isArray(figures)) return false;
  const files = await store.list(`${names.figures}/`);
  return figures.every(({ name }) => files.includes(`${names.figures}/${name}.svg`));
}

/** The looks of a source as a section of the report. */
export async function looksSection(
  store: BlobStore,
  { looks, findings }: { looks: readonly Look[]; findings: readonly Finding[] },
): Promise<ReportSection> {
  const figures: ReportFigure[] = [];
  for (const [i, finding] of findings.entries())
    for (const { name, caption } of finding.figures) {
      const svg = await readText(store, `${names.figures}/${name}.svg`);
      if (svg === undefined)
        throw new InputError(`Expected ${name}.svg in ${store.location}/${names.figures}`);
      figures.push({ name, caption, svg, reading: `${looks[i].title}.` });
    }
  return {
    id: 'source',
    title: 'What the source looks at besides',
    text: findings
      .map(({ conclusion }) => conclusion)
      .filter(Boolean)
      .join('\n\n'),
    figures,
    tables: findings.flatMap(({ table }) => (table ? [table] : [])),
  };
}
