import { folderStore } from '@convlens/storage/node';
import { expectSettings, readRun } from '@convlens/pipeline';
import { Command } from 'commander';
import { Console } from '../terminal/console.js';
import { resolveDataDir } from '../data/data-dir.js';
import { interruptible } from '../terminal/interrupt.js';
import { addTrainingOptions, type TrainingFlags } from '../options/training-options.js';
import { newRunSettings, resumedSettings } from '../options/training-settings.js';
import { describeRun, train } from '../runs/train.js';

export const trainCommand = () =>
  addTrainingOptions(new Command('train').description('train a model'))
    .requiredOption('--out <run>', 'run folder')
    .option('--resume', 'resume from the last checkpoint')
    .action((flags: TrainingFlags & { out: string; resume?: boolean }) =>
      interruptible(async (signal) => {
        const console = new Console(flags.json);
        const { out, resume } = flags;
        const store = folderStore(out);
        const saved = resume ? (await readRun(store)).description : undefined;
        const dataDir = resolveDataDir(flags.dataDir, saved);
        const settings = expectSettings(
          saved ? resumedSettings(flags, saved.settings) : newRunSettings(flags),
        );
        const description = await describeRun(settings, { backend: flags.backend, dataDir }, console);
        await train({ description, store, resume }, console, signal);
        console.event('run', { path: store.location }, `run folder: ${store.location}`);
      }),
    );
