import { InputError } from '@convlens/core';
import type { BlobStore } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';
import {
  caveat,
  planReproduction,
  reproduce,
  runNames,
  sourceNames,
  writeResultsPages,
  type PlannedNetwork,
  type ReportDetail,
  type ReproductionPlan,
  type ReproductionResults,
} from '@convlens/pipeline';
import { Command } from 'commander';
import { chooseTrainingBackend } from '../backend.js';
import { benchmark } from '../benchmark.js';
import { Console, duration } from '../console.js';
import { dataFolder } from '../data-folder.js';
import { openDataset } from '../dataset.js';
import { drawing } from '../drawing.js';
import { interruptible } from '../interrupt.js';
import { backendOption, dataDirOption, number } from '../options.js';
import { detailOption } from '../reporting.js';
import { smallPng } from '../small-png.js';
import { formatTable } from '../table.js';
import { trainingProgress, versions } from '../training.js';
import { version } from '../version.js';

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
    .description('does a course project or report again: trains, looks inside, compares with what it reports')
    .argument('<source>', sourceNames.join(', '))
    .option('--scale <share>', 'of the images and epochs: 0.1 for a quick look', number, 1)
    .option('--out <dir>', 'where it goes, and goes on from; default: runs/reproduce-SOURCE')
    .option('--resume', 'fail where there is nothing to go on from')
    .option('--docs <dir>', 'writes a page of results with small figures, too')
    .option('--note <text>', 'what a reader of the page of results must know of this run')
    .option('--generate-svhn', 'house numbers drawn from MNIST in place of SVHN')
    .addOption(detailOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((name: string, flags: ReproduceFlags) =>
      interruptible(async (signal) => {
        const console = new Console(flags.json);
        const { scale, generateSvhn } = flags;
        const dataDir = dataFolder(flags.dataDir);
        const store = folderStore(flags.out ?? folderOf(name, flags));
        const load = (request: Omit<Parameters<typeof openDataset>[0], 'dataDir'>) =>
          openDataset({ ...request, dataDir }, console, signal);
        const plan = await planReproduction(name, { store, scale, generateSvhn, load });
        if (flags.resume && !plan.networks.some(({ begun }) => begun))
          throw new InputError(`Expected something to go on from in ${store.location}, found no run`);
        const { name: backend, why } = await chooseTrainingBackend(flags.backend);
        await sayPlan(plan, console);
        console.event('backend', { backend, why }, `backend: ${backend}, because ${why}`);

        let training: ReturnType<typeof trainingProgress> | undefined;
        const settled = () => {
          training?.stop();
          training = undefined;
        };
        try {
          await reproduce(plan, {
            ...drawing(),
            ...{ load, backend, versions: versions(version), dataDir, signal },
            detail: flags.detail as ReportDetail,
            note: flags.note,
            onStep: (network, step) => {
              settled();
              console.event('step', { network, step }, `${network}: ${step}`);
            },
            onTraining: ({ settings }, progress) => {
              training ??= trainingProgress(console, settings.epochs);
              training.onProgress(progress);
            },
            onNotice: (message) => console.notice(message),
            onResults: (results, network) => sayResults(results, network, console),
          });
        } finally {
          settled();
        }
        if (flags.docs !== undefined)
          await writePages(
            plan.networks.map((network) => network.store),
            folderStore(flags.docs),
            console,
          );
      }),
    );

/** The same folder for the same command, so that it goes on there. */
const folderOf = (name: string, { scale }: ReproduceFlags) =>
  `runs/reproduce-${name}${scale === 1 ? '' : `-scale-${scale}`}`;

/** Says what there is to do and how long the trainings will take, as a few batches of noise on this machine tell. */
async function sayPlan({ name, about, scale, networks }: ReproductionPlan, console: Console): Promise<void> {
  const said = [];
  let seconds = 0;
  for (const { network, settings, images, epochsLeft } of networks) {
    const { recipe } = network;
    const { batchSize, stepsPerEpoch, model } = settings;
    const anEpoch = stepsPerEpoch === undefined ? images.train : stepsPerEpoch * batchSize;
    if (epochsLeft === 0) {
      said.push({ network: recipe, epochsLeft, seconds: 0, text: 'is trained' });
      continue;
    }
    const speed = await benchmark(batchSize, { model, steps: Math.max(4, Math.ceil(320 / batchSize)) });
    const { train_images_per_s: training, infer_images_per_s: inference } = speed;
    const own = epochsLeft * (anEpoch / training! + images.validation / inference);
    seconds += own;
    said.push({
      ...{ network: recipe, epochsLeft, seconds: own, imagesPerSecond: training },
      text:
        `${epochsLeft} of ${settings.epochs} epochs of ${anEpoch.toLocaleString('en-US')} images left, at most: ` +
        `about ${duration(own)}, at ${Math.round(training!)} images/s`,
    });
  }
  const lines = [
    `${name}: ${about}`,
    ...said.flatMap(({ network, text }, i) => [`  ${network}: ${text}`, ...markOf(networks[i], scale)]),
    seconds > 0
      ? `training takes about ${duration(seconds)} here, as a few batches of noise tell; looking inside some minutes more`
      : 'nothing is left to train; looking inside takes some minutes, unless that is done as well',
  ];
  const fields = { source: name, scale, seconds, networks: said.map(({ text: _, ...one }) => one) };
  console.event('plan', fields, lines.join('\n'));
}

const markOf = ({ settings, images }: PlannedNetwork, scale: number): string[] => {
  const marked = caveat({ scale, settings, images });
  return marked ? [`    ${marked}`] : [];
};

function sayResults(results: ReproductionResults, { store }: PlannedNetwork, console: Console): void {
  const { network, comparison, differs } = results;
  const marked = caveat(results);
  const lines = [
    '',
    ...(marked ? [marked, ''] : []),
    formatTable([comparison.columns, ...comparison.rows]),
    '',
    ...differs,
    '',
    `${network}: ${['results.md', 'results.json', runNames.report].map((name) => `${store.location}/${name}`).join(', ')}`,
  ];
  console.event('results', { ...results, path: store.location }, lines.join('\n'));
}

async function writePages(runs: readonly BlobStore[], docs: BlobStore, console: Console): Promise<void> {
  for (const run of runs) {
    const { network } = await writeResultsPages(run, { docs, toPng: smallPng });
    const path = `${docs.location}/${network}/results.md`;
    console.event('page', { network, path }, path);
  }
}
