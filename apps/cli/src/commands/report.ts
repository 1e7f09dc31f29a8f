import { folderStore } from '@convlens/storage/node';
import { Command } from 'commander';
import { chooseBackend } from '../backend/choose-backend.js';
import { Console } from '../terminal/console.js';
import { newRunFolder } from '../runs/new-run-folder.js';
import { interruptible } from '../terminal/interrupt.js';
import { backendOption, dataDirOption, detailOption } from '../options/common-options.js';
import { isPretrainedSource, openPretrainedRun, pretrainedName } from '../models/pretrained-source.js';
import { loadRunImages, report } from '../runs/report.js';

interface ReportFlags {
  dataDir?: string;
  detail: string;
  backend: string;
  json?: boolean;
}

export const reportCommand = () =>
  new Command('report')
    .description('render all figures of a run (SVG and PNG) and a self-contained report.html')
    .argument('<run>', 'a run folder, or pretrained:NAME, for which a run folder is created in runs/')
    .addOption(detailOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((run: string, { dataDir, detail, backend, json }: ReportFlags) =>
      interruptible(async (signal) => {
        await chooseBackend(backend);
        const console = new Console(json);
        if (!isPretrainedSource(run))
          return void (await report({ store: folderStore(run), dataDir, detail }, console, signal));
        // The data is loaded before anything is written, in case it is missing.
        const images = await loadRunImages({ store: await openPretrainedRun(run), dataDir }, console, signal);
        const store = await openPretrainedRun(run, folderStore(await newRunFolder(pretrainedName(run))));
        await report({ store, detail, images }, console, signal);
      }),
    );
