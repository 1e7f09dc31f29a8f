import {
  featureMaps,
  gradCam,
  guidedBackprop,
  kernels,
  layerStatistics,
  predictions,
  saliency,
} from '@convlens/activations';
import { expectOneOf, InputError, type ImageSet, type Prediction } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import { summarizeModel, type LayerClass } from '@convlens/models';
import { networkDiagram } from '@convlens/render-d3';
import type { Report } from '@convlens/render-d3/report';
import type { ChosenImage } from '../choose-images.js';
import type { DrawOptions } from '../draw.js';
import { layersToShow } from '../layers-to-show.js';
import { pickImages } from '../pick-images.js';
import { openSubject, type Subject } from '../subject.js';
import { attentionSection } from './attention-section.js';
import { closeness, reportDetails, type ReportDetail } from './detail.js';
import { filtersSection } from './filters-section.js';
import { imagesSection } from './images-section.js';
import { madeSection } from './made-section.js';
import { makeImages } from './made-images.js';
import type { SectionPlan } from './section.js';
import { statisticsSection } from './statistics-section.js';
import { testTrust } from './trust.js';
import { trustSection } from './trust-section.js';
import { writeReport } from './write-report.js';

export interface ReportImagesOptions extends DrawOptions {
  /** The run folder. */
  store: BlobStore;
  /** What it is shown; labels are passed over. */
  images: ImageSet;
  /** Those that are looked at one by one, and what figures call them. Default: all, by their number. */
  chosen?: readonly ChosenImage[];
  /** How closely it looks at what takes long, as `reportRun`. Default 'normal'. */
  detail?: ReportDetail;
  /** Layer classes of the caller's own that the model needs. Default none. */
  customLayers?: readonly LayerClass[];
}

/**
 * Looks at a model with images that have no labels, such as the reader's own, and writes every figure (SVG, PNG) and the
 * report into the run folder `store`: what a report of a run shows, but for what needs a labelled data set. Returns what
 * the model says of the chosen images.
 */
export async function reportImages(options: ReportImagesOptions): Promise<Prediction[]> {
  const subject = await openSubject(options.store, { customLayers: options.customLayers });
  try {
    return await reportSubject(subject, options);
  } finally {
    subject.model.dispose();
  }
}

async function reportSubject(subject: Subject, options: ReportImagesOptions): Promise<Prediction[]> {
  const { images, detail = 'normal', store, document, toPng, signal, onFigure } = options;
  const all = Array.from({ length: images.count }, (_, index) => ({ className: `image ${index}`, index }));
  const { chosen = all } = options;
  if (chosen.length === 0) throw new InputError(`Expected images to look at, got none of ${images.name}`);
  const close = closeness[expectOneOf('detail', detail, reportDetails)];
  const { model, preprocessing } = subject;
  const reading = { preprocessing, signal };
  const layers = layersToShow(model);
  const picked = pickImages(
    images,
    chosen.map(({ index }) => index),
  );
  const target = 'predicted' as const;
  const said = await predictions(model, picked, reading);
  const diagram: SectionPlan = {
    id: 'layers',
    title: 'From layer to layer',
    text: 'What the network is made of.',
    figures: [
      {
        name: 'network_diagram',
        caption: 'The layers in their order, with what each puts out and how many parameters it has.',
        reading:
          'A block is wider for more channels and higher for larger maps; lines show which layer reads which.',
        draw: (options) => networkDiagram(summarizeModel(model), options),
      },
    ],
  };
  const made =
    close && (await makeImages(subject, images, { ...reading, layer: layers.top, closeness: close }));
  const trust = close && (await testTrust(subject, images, { trials: close.trials, signal }));
  const sections: SectionPlan[] = [
    imagesSection({ images, chosen, predictions: said }),
    filtersSection({
      maps: await featureMaps(model, picked, { layer: layers.maps, ...reading }),
      kernels: await kernels(model, { layer: layers.kernels }),
      chosen,
      layers,
      test: images,
    }),
    ...(made ? [madeSection(made, { layers })] : []),
    attentionSection({
      heatmaps: await gradCam(model, picked, { target, ...reading }),
      pixelMaps: [
        ...(await saliency(model, picked, { target, ...reading })),
        ...(await guidedBackprop(model, picked, { target, ...reading })),
      ],
      chosen,
      test: images,
    }),
    ...(trust ? [trustSection(trust)] : []),
    diagram,
    statisticsSection({
      statistics: await layerStatistics(model, images, { layers: layers.all, ...reading }),
      test: images,
    }),
  ];
  await writeReport(headOf(subject, images), { sections, store, document, toPng, signal, onFigure });
  return said;
}

function headOf(
  { model, run }: Subject,
  images: ImageSet,
): Omit<Report, 'sections' | 'notes' | 'discussion'> {
  const name = run?.description.settings.model.split(/[\\/]/).at(-1) ?? model.name;
  const test = run?.summary?.test;
  return {
    title: `What ${name} makes of ${images.name}`,
    subtitle: run
      ? `Trained on ${run.description.settings.data}, for ${run.history.length} epochs.`
      : undefined,
    facts: [
      ...(test ? [{ label: `accuracy on ${test.name}`, value: `${(100 * test.accuracy).toFixed(2)}%` }] : []),
      { label: 'parameters', value: model.countParams().toLocaleString('en-US') },
      { label: 'images', value: images.count },
    ],
  };
}
