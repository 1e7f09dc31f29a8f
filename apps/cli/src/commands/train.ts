import { folderStore } from '@convlens/storage/node';
import { expectSettings, readRun } from '@convlens/pipeline';
import { Command } from 'commander';
import { chooseTrainingBackend } from '../backend.js';
import { Console } from '../console.js';
import { dataFolder } from '../data-folder.js';
import { interruptible } from '../interrupt.js';
import { addTrainingOptions, resumedSettings, settingsOf, type TrainingFlags } from '../options.js';
import { placeOf, train, versions } from '../training.js';
import { version } from '../version.js';

export const trainCommand = () =>
  addTrainingOptions(new Command('train').description('trains a network into a run folder'))
    .requiredOption('--out <run>', 'the run folder')
    .option('--resume', 'go on from the last whole epoch')
    .action((flags: TrainingFlags & { out: string; resume?: boolean }) =>
      interruptible(async (signal) => {
        const console = new Console(flags.json);
        const { out, resume } = flags;
        const store = folderStore(out);
        const saved = resume ? (await readRun(store)).description : undefined;
        const dataDir = dataFolder(flags.dataDir, saved);
        const settings = expectSettings(saved ? resumedSettings(flags, saved.settings) : settingsOf(flags));
        const { name: backend, why } = await chooseTrainingBackend(flags.backend);
        console.event('backend', { backend, why }, `backend: ${backend}, because ${why}`);
        const description = {
          settings,
          backend,
          versions: versions(version),
          ...placeOf(settings, dataDir),
        };
        await train({ description, store, resume }, console, signal);
        console.event('run', { path: store.location }, `run folder: ${store.location}`);
      }),
    );
