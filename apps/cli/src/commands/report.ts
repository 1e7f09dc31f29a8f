import { RUN_FILES } from '@convlens/pipeline';
import { Command } from 'commander';
import { chooseBackend } from '../backend/choose-backend.js';
import { Console } from '../terminal/console.js';
import { withNewRunFolder } from '../runs/new-run-folder.js';
import { expectNoOtherRun, withOutputFolder } from '../runs/output-folder.js';
import { interruptible } from '../terminal/interrupt.js';
import { backendOption, customLayersOption, dataDirOption, detailOption } from '../options/common-options.js';
import { isPretrainedSource, openPretrainedRun, pretrainedName } from '../models/pretrained-source.js';
import { namingCustomLayers, openRunStore, readCustomLayers } from '../models/with-model.js';
import { loadRunImages, report } from '../runs/report.js';

interface ReportFlags {
  out?: string;
  data?: string;
  dataDir?: string;
  customLayers?: string;
  detail: string;
  backend: string;
  json?: boolean;
}

const COMMAND = 'convlens report';

export const reportCommand = () =>
  new Command('report')
    .description('render all figures of a run (SVG and PNG) and a self-contained report.html')
    .argument('<run>', 'a run folder, or pretrained:NAME, for which a run folder is created in runs/')
    .option('--out <dir>', 'folder of the report, its figures and the evaluation; default: the run folder')
    .option('--data <folder>', 'the folder of images that the run was trained on, if it was a folder')
    .addOption(customLayersOption())
    .addOption(detailOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((run: string, flags: ReportFlags) =>
      interruptible(async (signal) => {
        const console = new Console(flags.json);
        await chooseBackend(flags.backend, (text) => console.warn(text));
        await (isPretrainedSource(run) ? reportPretrainedRun : reportRunFolder)(run, {
          flags,
          console,
          signal,
        });
      }),
    );

interface ReportContext {
  flags: ReportFlags;
  console: Console;
  signal: AbortSignal;
}

async function reportRunFolder(run: string, { flags, console, signal }: ReportContext): Promise<void> {
  const { data, dataDir, detail } = flags;
  const store = await openRunStore(run);
  await expectNoOtherRun(flags.out, run);
  const customLayers = await readCustomLayers(store, flags.customLayers, console);
  // The data is loaded before anything is written, in case it is missing.
  const images = await loadRunImages({ store, data, dataDir }, console, signal);
  const options = { command: COMMAND, replaces: [RUN_FILES.report] };
  await withOutputFolder(flags.out ?? run, options, (output) =>
    namingCustomLayers(store, () => report({ store, output, detail, images, customLayers }, console, signal)),
  );
}

async function reportPretrainedRun(run: string, { flags, console, signal }: ReportContext): Promise<void> {
  const { dataDir, detail } = flags;
  const images = await loadRunImages({ store: await openPretrainedRun(run), dataDir }, console, signal);
  await withNewRunFolder(pretrainedName(run), { command: COMMAND, out: flags.out }, async (output) => {
    const store = await openPretrainedRun(run, output);
    await report({ store, detail, images }, console, signal);
  });
}
