import { InputError, isInputError, type ImageSet } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import { folderFiles } from '@convlens/image-set/node';
import { makeShapes } from '@convlens/image-set/shapes';
import {
  fitImages,
  loadDataset,
  openSubject,
  readImages,
  reportImages,
  type ChosenImage,
  type ReportDetail,
} from '@convlens/pipeline';
import { loadPretrained } from '@convlens/pretrained';
import type { Command } from 'commander';
import { chooseBackend } from './backend.js';
import { percent, type Console } from './console.js';
import { dataFolder } from './data-folder.js';
import { drawing } from './drawing.js';
import { evaluate } from './evaluation.js';
import { freeFolder } from './free-folder.js';
import { readImageFiles, titlesOf } from './image-files.js';
import { writePretrained } from './pretrained.js';
import { report, sayWhere } from './reporting.js';

interface LookFlags {
  image?: string[];
  dataDir?: string;
  out?: string;
  detail: string;
  backend: string;
}

/** What of the options of `run` a network that is trained already can be looked at with. */
const LOOKING = ['pretrained', 'image', 'dataDir', 'out', 'detail', 'backend', 'json'];

/** Drawn shapes that the network is shown, and how many of them one by one. */
const SHAPES = 100;
const SHOWN = 3;

/** Throws an InputError if an option of training was typed. */
export function expectLookingOptions(command: Command): void {
  const typed = command.options.find(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === 'cli' &&
      !LOOKING.includes(option.attributeName()),
  );
  if (typed) throw new InputError(`Expected no ${typed.long} with --pretrained, which trains nothing`);
}

/**
 * Looks inside a trained network without training, and reports: with the reader's own images, else with its data set where
 * that is on this machine, else with drawn shapes.
 */
export async function lookAtPretrained(
  name: string,
  { flags, console, signal }: { flags: LookFlags; console: Console; signal: AbortSignal },
): Promise<void> {
  const files = flags.image && (await readImageFiles(flags.image));
  const { name: backend, why } = await chooseBackend(flags.backend);
  console.event('backend', { backend, why }, `backend: ${backend}, because ${why}`);
  const loaded = await loadPretrained(name);
  try {
    const { card } = loaded;
    const limits = card.limits.map((limit) => `  ${limit}`).join('\n');
    console.event('card', card, `${card.title}\n${limits}`);
    const dataDir = dataFolder(flags.dataDir);
    // What cannot be used is found before anything is written.
    const own = files && readImages(files, loaded);
    const test = own ? undefined : await imagesHere(card.data.name, { dataDir, flags, signal });
    const store = folderStore(flags.out ?? (await freeFolder(name)));
    await writePretrained(loaded, { store, dataDir });
    const { detail } = flags;
    if (test) {
      await evaluate({ subject: await openSubject(store), store, images: test }, console, signal);
      await report({ store, dataDir, detail }, console, signal);
    } else if (own) {
      const chosen = titlesOf(files!).map((className, index) => ({ className, index }));
      await reportOf(own, { chosen, store, detail, console, signal });
    } else {
      console.notice(
        `Without ${card.data.name} on this machine drawn shapes are shown. To get it: convlens data ${card.data.name}`,
      );
      const shapes = makeShapes({ count: SHAPES, split: 'test' });
      const chosen = Array.from({ length: SHOWN }, (_, index) => ({
        className: shapes.classNames[shapes.labels![index]],
        index,
      }));
      await reportOf(fitImages(shapes, loaded), { chosen, store, detail, console, signal });
    }
  } finally {
    loaded.model.dispose();
  }
}

/** The test images of a data set that lies on this machine; undefined if it does not, unless the reader said where it lies. */
async function imagesHere(
  data: string,
  { dataDir, flags, signal }: { dataDir: string; flags: LookFlags; signal: AbortSignal },
): Promise<ImageSet | undefined> {
  const reader = folderFiles(dataDir);
  try {
    // The report draws training images too.
    await loadDataset(data, { split: 'train', limit: 1, reader, signal });
    return await loadDataset(data, { split: 'test', reader, signal });
  } catch (error) {
    if (isInputError(error, 'missing') && flags.dataDir === undefined) return undefined;
    throw error;
  }
}

interface Looked {
  chosen: readonly ChosenImage[];
  store: BlobStore;
  detail: string;
  console: Console;
  signal: AbortSignal;
}

/** Reports on images without labels, and says what the network takes them for. */
async function reportOf(images: ImageSet, { chosen, store, detail, console, signal }: Looked): Promise<void> {
  const names: string[] = [];
  const predictions = await reportImages({
    ...drawing(),
    store,
    images,
    chosen,
    detail: detail as ReportDetail,
    signal,
    onFigure: (name) => names.push(name),
  });
  for (const [i, { predicted, confidence }] of predictions.entries()) {
    const image = chosen[i].className;
    const found = images.classNames[predicted];
    const text = `${image}: ${found} (${percent(confidence)})`;
    console.event('prediction', { image, predicted: found, confidence }, text);
  }
  sayWhere({ store, figures: names }, console);
}
