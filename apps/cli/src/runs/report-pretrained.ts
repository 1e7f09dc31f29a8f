import { escapeControls, formatPercent, InputError, isInputError, type ImageSet } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import { folderFiles } from '@convlens/image-set/node';
import { generateShapes } from '@convlens/image-set/shapes';
import {
  adaptImages,
  loadDataset,
  openModel,
  readUserImages,
  reportImages,
  writePretrainedRun,
  type ExampleImage,
  type ImageFile,
  type ReportDetail,
} from '@convlens/pipeline';
import { loadPretrained } from '@convlens/pretrained';
import type { Command } from 'commander';
import { chooseBackend } from '../backend/choose-backend.js';
import type { Console } from '../terminal/console.js';
import { resolveDataDir } from '../data/data-dir.js';
import { renderOptions } from '../figures/render-options.js';
import { evaluate } from './evaluate.js';
import { withNewRunFolder } from './new-run-folder.js';
import { readImageFiles, imageTitles } from '../data/image-files.js';
import { report, printReportPaths } from './report.js';

interface PretrainedFlags {
  image?: string[];
  dataDir?: string;
  out?: string;
  detail: string;
  backend: string;
}

/** The options of `run` that apply with --pretrained. */
const ALLOWED_OPTIONS = ['pretrained', 'image', 'dataDir', 'out', 'detail', 'backend', 'json'];

/** The number of generated shapes that are used without other images, and of those that are explained. */
const SHAPES_COUNT = 100;
const EXPLAINED_COUNT = 3;

/** Throws an InputError if an option of training is set. */
export function expectPretrainedOptions(command: Command): void {
  const excluded = command.options.find(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === 'cli' &&
      !ALLOWED_OPTIONS.includes(option.attributeName()),
  );
  if (excluded)
    throw new InputError(`${excluded.long} does not apply with --pretrained, which does not train`);
}

/**
 * Reports on a pretrained model: on the images of --image, else on the test images of its data set if they are on this
 * machine, else on generated shapes.
 */
export async function reportPretrained(
  name: string,
  { flags, console, signal }: { flags: PretrainedFlags; console: Console; signal: AbortSignal },
): Promise<void> {
  const files = flags.image && (await readImageFiles(flags.image));
  const { name: backend, reason } = await chooseBackend(flags.backend);
  console.event('backend', { backend, reason }, `backend: ${backend}, because ${reason}`);
  const pretrained = await loadPretrained(name);
  try {
    const { card } = pretrained;
    const limitations = card.limitations.map((text) => `  ${text}`).join('\n');
    console.event('model-card', card, `${card.title}\n${limitations}`);
    const dataDir = resolveDataDir(flags.dataDir);
    // Images that cannot be used are refused before anything is written.
    const userImages = files && (await readUserImages(files, pretrained));
    const test = userImages ? undefined : await loadLocalTestImages(card.data.id, { dataDir, flags, signal });
    await withNewRunFolder(name, { out: flags.out, command: 'convlens run' }, async (store) => {
      await writePretrainedRun(store, pretrained);
      if (test) {
        await evaluate({ opened: await openModel(store), store, images: test }, console, signal);
        return void (await report({ store, dataDir, detail: flags.detail }, console, signal));
      }
      const shapes = userImages ? undefined : generateShapes({ count: SHAPES_COUNT, split: 'test' });
      if (shapes)
        console.warn(
          `${card.data.id} is not on this machine; generated shapes are used instead. To download it: convlens data ${card.data.id}`,
        );
      const images = userImages ?? adaptImages(shapes!, pretrained);
      const examples = shapes ? shapeExamples(shapes) : userExamples(files!);
      await reportUnlabeledImages(images, { examples, store, detail: flags.detail, console, signal });
    });
  } finally {
    pretrained.model.dispose();
  }
}

const userExamples = (files: readonly ImageFile[]): ExampleImage[] =>
  imageTitles(files).map((className, index) => ({ className, index }));

const shapeExamples = ({ classNames, labels }: ImageSet): ExampleImage[] =>
  Array.from({ length: EXPLAINED_COUNT }, (_, index) => ({ className: classNames[labels![index]], index }));

/** The test images of a data set, or undefined if it is not on this machine; with --data-dir it must be there. */
async function loadLocalTestImages(
  data: string,
  { dataDir, flags, signal }: { dataDir: string; flags: PretrainedFlags; signal: AbortSignal },
): Promise<ImageSet | undefined> {
  const source = folderFiles(dataDir);
  try {
    // The report shows training images too.
    await loadDataset(data, { split: 'train', limit: 1, source, signal });
    return await loadDataset(data, { split: 'test', source, signal });
  } catch (error) {
    if (isInputError(error, 'missing') && flags.dataDir === undefined) return undefined;
    throw error;
  }
}

interface ImageReportRequest {
  examples: readonly ExampleImage[];
  store: BlobStore;
  detail: string;
  console: Console;
  signal: AbortSignal;
}

/** Reports on images without labels and prints the predictions. */
async function reportUnlabeledImages(
  images: ImageSet,
  { examples, store, detail, console, signal }: ImageReportRequest,
): Promise<void> {
  const names: string[] = [];
  const predictions = await reportImages({
    ...renderOptions(),
    store,
    images,
    examples,
    detail: detail as ReportDetail,
    signal,
    onFigure: (name) => names.push(name),
  });
  for (const [i, { predicted, confidence, values }] of predictions.entries()) {
    const image = examples[i].className;
    if (values) {
      const text = `${escapeControls(image)}: ${values.join(', ')}`;
      console.event('prediction', { image, values: [...values] }, text);
      continue;
    }
    const className = images.classNames[predicted];
    const text = `${escapeControls(image)}: ${escapeControls(className)} (${formatPercent(confidence)})`;
    console.event('prediction', { image, predicted: className, confidence }, text);
  }
  printReportPaths({ store, figures: names }, console);
}
