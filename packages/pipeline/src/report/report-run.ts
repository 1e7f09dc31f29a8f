import { InputError, type ImageSet } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import type { LayerClass } from '@convlens/models';
import type { Report, ReportSection } from '@convlens/render-d3/report';
import type { DrawOptions } from '../draw.js';
import { expectSameClasses, keepEvaluation } from '../evaluate.js';
import { openSubject } from '../subject.js';
import { bestOf, splitOf } from '../train.js';
import { accuracySection } from './accuracy-section.js';
import { answersSection } from './answers-section.js';
import { attentionSection } from './attention-section.js';
import type { ReportDetail } from './detail.js';
import { filtersSection } from './filters-section.js';
import { layersSection } from './layers-section.js';
import { madeSection } from './made-section.js';
import { gatherMaterials, type ReportMaterials } from './materials.js';
import type { SectionPlan } from './section.js';
import { statisticsSection } from './statistics-section.js';
import { trainingSection } from './training-section.js';
import { trustSection } from './trust-section.js';
import { writeReport } from './write-report.js';

const sectionsOf = (materials: ReportMaterials): SectionPlan[] => [
  trainingSection(materials),
  accuracySection(materials),
  filtersSection(materials),
  answersSection(materials),
  ...(materials.made ? [madeSection(materials.made, materials)] : []),
  attentionSection(materials),
  ...(materials.trust ? [trustSection(materials.trust)] : []),
  layersSection(materials),
  statisticsSection(materials),
];

export interface ReportRunOptions extends DrawOptions {
  /** The run folder. */
  store: BlobStore;
  train: ImageSet;
  test: ImageSet;
  /**
   * How closely it looks at what takes long: 'brief' makes no images and tests no heatmaps, 'full' makes and tests more.
   * Default 'normal'.
   */
  detail?: ReportDetail;
  /** Layer classes of the caller's own that the model needs. Default none. */
  customLayers?: readonly LayerClass[];
  /** Sections of the caller's own, drawn already, that come before and after all others. Default none. */
  before?: readonly ReportSection[];
  after?: readonly ReportSection[];
  /** What a reader must know of the run, after the line under the title. Default nothing. */
  remark?: string;
  /** Told how many test images have been looked at. */
  onProgress?: (done: number, total: number) => void;
}

/** Looks at the model of a run and writes every figure (SVG, PNG) and the report, which holds them all. */
export async function reportRun(options: ReportRunOptions): Promise<ReportMaterials> {
  const {
    store,
    train,
    test,
    detail,
    customLayers,
    before,
    after,
    remark,
    onProgress,
    signal,
    ...drawOptions
  } = options;
  const subject = await openSubject(store, { customLayers });
  const { run, model } = subject;
  try {
    if (!run)
      throw new InputError(`Expected a run folder, found a model without its run in ${store.location}`);
    expectSameClasses(subject, test);
    const { settings } = run.description;
    const materials = await gatherMaterials(subject, {
      settings,
      history: run.history,
      train,
      test,
      detail,
      signal,
      onProgress,
    });
    await keepEvaluation(store, run.summary, materials.evaluation);

    const head = headOf(materials, run.description.backend);
    const subtitle = [head.subtitle, remark].filter(Boolean).join(' ');
    const sections = sectionsOf(materials);
    await writeReport({ ...head, subtitle }, { ...drawOptions, store, signal, sections, before, after });
    return materials;
  } finally {
    model.dispose();
  }
}

function headOf(
  materials: ReportMaterials,
  backend: string,
): Omit<Report, 'sections' | 'notes' | 'discussion'> {
  const { settings, history, evaluation, train, test } = materials;
  const { model, data, optimizer, learningRate, batchSize, seed } = settings;
  const trained = splitOf(train, settings).train.count;
  const seconds = history.reduce((sum, record) => sum + record.seconds, 0);
  const minutes = seconds < 60 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`;
  return {
    title: `What ${model.split(/[\\/]/).at(-1)} learned`,
    subtitle: `Trained on ${trained.toLocaleString('en-US')} images of ${data}, tested on ${test.count.toLocaleString('en-US')}.`,
    facts: [
      { label: 'test accuracy', value: `${(100 * evaluation.accuracy).toFixed(2)}%` },
      { label: 'test loss', value: evaluation.loss.toFixed(4) },
      { label: 'epochs', value: `${history.length}, best ${bestOf(history).epoch + 1}` },
      { label: 'training time', value: minutes },
      { label: 'optimizer', value: `${optimizer}, ${learningRate}` },
      { label: 'batch size', value: batchSize },
      { label: 'seed', value: seed },
      { label: 'backend', value: backend },
    ],
  };
}
