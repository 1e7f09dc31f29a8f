import { InputError, type ImageSet } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import { take } from '@convlens/image-set';
import { evaluateSubject, keepEvaluation } from '../evaluate.js';
import type { ReportDetail } from '../report/detail.js';
import { reportRun } from '../report/report-run.js';
import { names, readRun, type RunSummary } from '../run-folder.js';
import { openSubject, type Subject } from '../subject.js';
import type { TestTimeViews } from '../test-time-views.js';
import { trainRun } from '../train.js';
import { compareClaims } from './comparison.js';
import { isDrawn, look, looksSection, type Finding } from './look.js';
import type { PlannedNetwork, ReproductionPlan } from './plan.js';
import type { ReproduceOptions } from './reproduce.js';
import { caveat, readResults, writeResults, type ReproductionResults } from './results.js';
import type { SourceNetwork } from './source.js';
import { once } from './steps.js';

export type NetworkOptions = ReproduceOptions & Pick<ReproductionPlan, 'scale' | 'about'>;

/** The steps of one network, each done once, and what they end with. */
export async function reproduceNetwork(
  planned: PlannedNetwork,
  options: NetworkOptions,
): Promise<ReproductionResults> {
  const { network, settings, store, images } = planned;
  const { load, scale, about, detail = 'normal', onStep } = options;
  const { data, limit } = settings;
  const drawing = { document: options.document, toPng: options.toPng, signal: options.signal };
  const began = (step: string) => onStep?.(network.recipe, step);
  const train = await load({ data, split: 'train', limit });
  const test = take(await load({ data, split: 'test' }), images.test);
  const note = options.note ?? (await keptNote(store));
  const remark = caveat({ scale, settings, images });

  if (planned.epochsLeft > 0) {
    began('training');
    await trainNetwork(planned, { ...options, train });
  }
  // Steps that looked at other weights, or at other images, are done again.
  const { best, epochs } = await summaryOf(store);
  const seen = { epochs, best: best.epoch, images };
  const subjects: Subject[] = [];
  const subject = async () => {
    if (!subjects.length) subjects.push(await openSubject(store));
    return subjects[0];
  };
  try {
    await once(store, {
      name: 'evaluation',
      of: seen,
      work: async () => {
        began('evaluating');
        const evaluation = await evaluateSubject(await subject(), test, { signal: options.signal });
        await keepEvaluation(store, await summaryOf(store), evaluation);
        return { accuracy: evaluation.accuracy, loss: evaluation.loss };
      },
      // Whoever evaluates the run otherwise, such as by the average over flips, puts that in the summary.
      isThere: async ({ accuracy, loss }) => {
        const kept = (await summaryOf(store)).test;
        return kept?.accuracy === accuracy && kept.loss === loss;
      },
    });
    const averages: Partial<Record<TestTimeViews, number>> = {};
    for (const average of averagesClaimed(network))
      averages[average] = await once(store, {
        name: `evaluation-${average}`,
        of: seen,
        work: async () => {
          began(`evaluating the mean over ${average.replaceAll('-', ' ')}`);
          const options = { average, signal: drawing.signal };
          return (await evaluateSubject(await subject(), test, options)).accuracy;
        },
        isThere: async () => true,
      });
    const findings: Finding[] = [];
    for (const [i, one] of network.looks.entries())
      findings.push(
        await once(store, {
          name: `look-${String(i + 1).padStart(2, '0')}-${one.method}`,
          of: { ...seen, look: one },
          work: async () => {
            began(one.title);
            return look(one, { ...drawing, store, subject: await subject(), images: test });
          },
          isThere: (found) => isDrawn(store, found),
        }),
      );

    const { summary, history, description } = await readRun(store);
    const tables = findings.flatMap(({ table }) => (table ? [table] : []));
    const outcome = { summary: summary!, history, tables, averages };
    const comparison = compareClaims(network.claims, outcome);
    await once(store, {
      name: 'report',
      of: { ...seen, detail, comparison, looks: network.looks },
      work: async () => {
        began('report');
        const compared = {
          id: 'comparison',
          title: 'What the source reports, and what this run got',
          text: [remark, ...network.differs].filter(Boolean).join('\n\n'),
          tables: [comparison],
        };
        const looks = await looksSection(store, { looks: network.looks, findings });
        const figures: string[] = [];
        await reportRun({
          ...drawing,
          onFigure: (name) => figures.push(name),
          ...{ store, train, test, detail, remark },
          before: [compared],
          after: [looks],
        });
        return figures.map((name) => ({ name }));
      },
      isThere: async (figures) =>
        (await store.read(names.report)) !== undefined && isDrawn(store, { figures }),
    });
    const { backend, versions } = description;
    const results: ReproductionResults = {
      network: network.recipe,
      about,
      command: commandOf(planned, { scale, detail }),
      scale,
      settings,
      images,
      backend,
      versions,
      hours: history.reduce((sum, { seconds }) => sum + seconds, 0) / 3600,
      history,
      comparison,
      differs: network.differs,
      ...(note !== undefined && { note }),
      figures: await drawnOf(store, network.shown),
    };
    await writeResults(store, results, { folder: `${names.figures}/` });
    return results;
  } finally {
    subjects.forEach(({ model }) => model.dispose());
  }
}

async function trainNetwork(
  planned: PlannedNetwork,
  options: NetworkOptions & { train: ImageSet },
): Promise<void> {
  const { settings, store, begun } = planned;
  const { train, backend, versions, dataDir, signal, onNotice, onTraining } = options;
  const description = { settings, backend, versions, ...(dataDir !== undefined && { dataDir }) };
  await trainRun(description, {
    store,
    images: train,
    resume: begun,
    signal,
    onNotice,
    onProgress: (progress) => onTraining?.(planned, progress),
  });
}

/** The means over views of an image that claims are about. */
const averagesClaimed = ({ claims }: SourceNetwork) =>
  claims.flatMap(({ measure }) =>
    typeof measure !== 'string' && 'average' in measure ? [measure.average] : [],
  );

/** What a former command noted of this run. Damaged results are written anew, without it. */
async function keptNote(store: BlobStore): Promise<string | undefined> {
  try {
    return (await readResults(store))?.note;
  } catch (error) {
    if ((error as Error).name !== 'InputError') throw error;
    return undefined;
  }
}

/** What the training of a run came to; there from its first epoch on. */
async function summaryOf(store: BlobStore): Promise<RunSummary> {
  const { summary } = await readRun(store);
  if (!summary) throw new InputError(`Expected ${names.summary} of the run in ${store.location}, found none`);
  return summary;
}

/** Those of the figures that are there: a network without mistakes has none of them. */
async function drawnOf(store: BlobStore, figures: Readonly<Record<string, string>>) {
  const drawn = await store.list(`${names.figures}/`);
  return Object.fromEntries(
    Object.entries(figures).filter(([name]) => drawn.includes(`${names.figures}/${name}.svg`)),
  );
}

/** What repeats a network's part. */
function commandOf(
  { network, settings }: PlannedNetwork,
  { scale, detail }: { scale: number; detail: ReportDetail },
): string {
  return [
    `convlens reproduce ${network.recipe}`,
    ...(scale < 1 ? [`--scale ${scale}`] : []),
    ...(settings.data === 'svhn-generated' ? ['--generate-svhn'] : []),
    ...(detail === 'normal' ? [] : [`--detail ${detail}`]),
  ].join(' ');
}
