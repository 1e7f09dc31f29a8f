import { join, resolve } from 'node:path';
import { InputError } from '@convlens/core';
import { RUN_FILES, type ReportDetail } from '@convlens/pipeline';
import {
  planReproduction,
  projectNames,
  readResultsPages,
  reproduce,
  REPRODUCTION_FILES,
  RESULTS_INDEX_FILE,
  runFolders,
  writeResultsPages,
  type ReproduceOptions,
  type ReproductionPlan,
} from '@convlens/reproduce';
import type { BlobStore } from '@convlens/storage';
import type { OpenOutputFolderOptions } from '@convlens/storage/node';
import { Command } from 'commander';
import { chooseTrainingBackend } from '../backend/choose-backend.js';
import { resolveDataDir } from '../data/data-dir.js';
import { isInside } from '../data/is-inside.js';
import { openDataset } from '../data/open-dataset.js';
import { compressPng } from '../figures/compress-png.js';
import { renderOptions } from '../figures/render-options.js';
import { backendOption, dataDirOption, detailOption, parseNumber } from '../options/common-options.js';
import {
  EDITABLE_TRAINING_FILES,
  TRAINING_FILES,
  withOutputFolder,
  withOutputFolders,
} from '../runs/output-folder.js';
import { printPlan, printResults } from '../runs/print-reproduction.js';
import { trainingProgress, versions } from '../runs/train.js';
import { Console } from '../terminal/console.js';
import { interruptible } from '../terminal/interrupt.js';

const COMMAND = 'convlens reproduce';

interface ReproduceFlags {
  scale: number;
  out?: string;
  docs?: string;
  dataDir?: string;
  backend: string;
  detail: string;
  resume?: boolean;
  generateSvhn?: boolean;
  note?: string;
  json?: boolean;
}

export const reproduceCommand = () =>
  new Command('reproduce')
    .description('reproduce a course project: train, explain, and compare with its reported results')
    .argument('<project>', projectNames().join(', '))
    .option(
      '--scale <fraction>',
      'fraction of the images and epochs, such as 0.1 for a quick test',
      parseNumber,
      1,
    )
    .option('--out <dir>', 'run folder, also to resume from; default: runs/reproduce-PROJECT')
    .option('--resume', 'fail if there is no run to resume')
    .option('--docs <dir>', 'also write a results page with small figures into this folder')
    .option('--note <text>', 'remark for the results page')
    .option('--generate-svhn', 'use house numbers generated from MNIST in place of SVHN')
    .addOption(detailOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((name: string, flags: ReproduceFlags) =>
      interruptible((signal) => reproduceProject(name, flags, signal)),
    );

async function reproduceProject(name: string, flags: ReproduceFlags, signal: AbortSignal): Promise<void> {
  const console = new Console(flags.json);
  const out = resolve(flags.out ?? defaultRunFolder(name, flags));
  const folders = runFolders(name);
  const paths = folders.map(({ path }) => join(out, path));
  if (flags.docs !== undefined) expectDocsApart(resolve(flags.docs), [out, ...paths]);
  await withOutputFolders(paths, RUN_FOLDER_OPTIONS, (stores) => {
    const storeOf = new Map(folders.map(({ recipe }, i) => [recipe, stores[i]]));
    return reproduceInto((recipe) => storeOf.get(recipe)!, name, { flags, out, console, signal });
  });
}

/** Each model has a run folder with a lock and a list of written files of its own, so that other commands can write it. */
const RUN_FOLDER_OPTIONS: OpenOutputFolderOptions = {
  command: COMMAND,
  // Refused before the training, not after it.
  replaces: [
    ...TRAINING_FILES,
    RUN_FILES.evaluation,
    RUN_FILES.report,
    REPRODUCTION_FILES.results,
    REPRODUCTION_FILES.page,
    REPRODUCTION_FILES.steps,
  ],
  editable: [...EDITABLE_TRAINING_FILES, REPRODUCTION_FILES.results, REPRODUCTION_FILES.steps],
};

/** Throws an InputError if the folder of the pages is in a run folder, or a run folder is in it. */
function expectDocsApart(docs: string, runs: readonly string[]): void {
  const run = runs.find((folder) => isInside(docs, folder) || isInside(folder, docs));
  if (run !== undefined)
    throw new InputError(
      `Expected --docs to be outside of the run folder, and not around it, got ${docs} for ${run}`,
    );
}

interface ReproduceContext {
  flags: ReproduceFlags;
  out: string;
  console: Console;
  signal: AbortSignal;
}

async function reproduceInto(
  store: (recipe: string) => BlobStore,
  name: string,
  { flags, out, console, signal }: ReproduceContext,
): Promise<void> {
  const { scale, generateSvhn } = flags;
  const dataDir = resolveDataDir(flags.dataDir);
  const load = (request: Omit<Parameters<typeof openDataset>[0], 'dataDir'>) =>
    openDataset({ ...request, dataDir }, console, signal);
  const plan = await planReproduction(name, { store, scale, generateSvhn, load });
  if (flags.resume && !plan.models.some(({ isStarted }) => isStarted))
    throw new InputError(`Expected a run to resume in ${out}, found none`);
  // What would be refused after the training is refused before it.
  if (flags.docs !== undefined) await withPages(plan, flags.docs, readResultsPages);
  const { name: backend, reason } = await chooseTrainingBackend(flags.backend);
  await printPlan(plan, console);
  console.event('backend', { backend, reason }, `backend: ${backend}, because ${reason}`);
  const progress = reproductionProgress(console);
  try {
    await reproduce(plan, {
      ...renderOptions(),
      ...{ load, backend, versions: versions(), signal },
      detail: flags.detail as ReportDetail,
      note: flags.note,
      onStep: progress.onStep,
      onTraining: progress.onTraining,
      onWarning: (message) => console.warn(message),
      onResults: (results, planned) => printResults(results, planned, console),
    });
  } finally {
    progress.stop();
  }
  if (flags.docs !== undefined)
    await withPages(plan, flags.docs, (pages) => writePages(plan, pages, console));
}

/** The same folder for the same command, so that the command resumes. */
const defaultRunFolder = (name: string, { scale }: ReproduceFlags) =>
  `runs/reproduce-${name}${scale === 1 ? '' : `-scale-${scale}`}`;

/** Prints each step, and the progress of the training within a step. */
function reproductionProgress(
  console: Console,
): Pick<ReproduceOptions, 'onStep' | 'onTraining'> & { stop(): void } {
  let training: ReturnType<typeof trainingProgress> | undefined;
  const stop = () => {
    training?.stop();
    training = undefined;
  };
  return {
    stop,
    onStep(recipe, step) {
      stop();
      console.event('step', { recipe, step }, `${recipe}: ${step}`);
    },
    onTraining: ({ settings }, progress) =>
      (training ??= trainingProgress(console, settings.epochs)).onProgress(progress),
  };
}

/** Opens the folder of the results pages, if the pages of this project are not somebody else's. */
const withPages = (
  { models }: ReproductionPlan,
  folder: string,
  callback: (pages: BlobStore) => Promise<unknown>,
): Promise<unknown> =>
  withOutputFolder(
    folder,
    {
      command: COMMAND,
      replaces: [RESULTS_INDEX_FILE, ...models.map(({ model }) => model.recipe)],
    },
    callback,
  );

async function writePages({ models }: ReproductionPlan, pages: BlobStore, console: Console): Promise<void> {
  for (const { store } of models) {
    const { recipe } = await writeResultsPages(store, { pages, toPng: compressPng });
    const path = join(pages.location, recipe, 'results.md');
    console.event('page', { recipe, path }, path);
  }
}
