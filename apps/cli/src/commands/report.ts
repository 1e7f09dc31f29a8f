import { folderStore } from '@convlens/storage/node';
import { Command } from 'commander';
import { chooseBackend } from '../backend.js';
import { Console } from '../console.js';
import { freeFolder } from '../free-folder.js';
import { interruptible } from '../interrupt.js';
import { backendOption, dataDirOption } from '../options.js';
import { isPretrained, openPretrained, pretrainedName } from '../pretrained.js';
import { detailOption, loadImagesOf, report } from '../reporting.js';

interface ReportFlags {
  dataDir?: string;
  detail: string;
  backend: string;
  json?: boolean;
}

export const reportCommand = () =>
  new Command('report')
    .description('draws every figure of a run (SVG and PNG) and one self-contained report.html')
    .argument('<run>', 'a run folder, or pretrained:NAME, for which one is made in runs/')
    .addOption(detailOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((run: string, { dataDir, detail, backend, json }: ReportFlags) =>
      interruptible(async (signal) => {
        await chooseBackend(backend);
        const console = new Console(json);
        if (!isPretrained(run))
          return void (await report({ store: folderStore(run), dataDir, detail }, console, signal));
        // Before anything is written: the data is fetched, or is missing.
        const images = await loadImagesOf({ store: await openPretrained(run), dataDir }, console, signal);
        const store = await openPretrained(run, folderStore(await freeFolder(pretrainedName(run))));
        await report({ store, detail, images }, console, signal);
      }),
    );
