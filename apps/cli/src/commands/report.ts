import { folderStore } from '@convlens/core/node';
import { Command } from 'commander';
import { chooseBackend } from '../backend.js';
import { Console } from '../console.js';
import { interruptible } from '../interrupt.js';
import { backendOption, dataDirOption } from '../options.js';
import { report } from '../reporting.js';

export const reportCommand = () =>
  new Command('report')
    .description('draws every figure of a run (SVG and PNG) and one self-contained report.html')
    .argument('<run>', 'a run folder')
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action(
      (run: string, { dataDir, backend, json }: { dataDir?: string; backend: string; json?: boolean }) =>
        interruptible(async (signal) => {
          await chooseBackend(backend);
          await report({ store: folderStore(run), dataDir }, new Console(json), signal);
        }),
    );
