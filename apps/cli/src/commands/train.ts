import { expectConverged } from '@convlens/pipeline';
import { Command } from 'commander';
import { Console } from '../terminal/console.js';
import { interruptible } from '../terminal/interrupt.js';
import { addResumeOptions, addTrainingOptions, type TrainingFlags } from '../options/training-options.js';
import { EDITABLE_TRAINING_FILES, TRAINING_FILES, withOutputFolder } from '../runs/output-folder.js';
import { planTraining, type ResumeFlags } from '../runs/plan-training.js';
import { describeRun, train } from '../runs/train.js';

export const trainCommand = () =>
  addResumeOptions(
    addTrainingOptions(new Command('train').description('train a model'))
      .requiredOption('--out <run>', 'run folder')
      .option(
        '--stream',
        'read images of a folder from files while training, to the same weights; default: if they need more than 1 GiB of memory',
      ),
  ).action((flags: TrainingFlags & ResumeFlags & { out: string; stream?: boolean }) =>
    interruptible(async (signal) => {
      const console = new Console(flags.json);
      const { out, backend } = flags;
      const plan = await planTraining(flags, { out }, console);
      const { settings, data, dataDir, module, resume } = plan;
      const options = {
        command: 'convlens train',
        editable: EDITABLE_TRAINING_FILES,
        ...(resume && { adopts: TRAINING_FILES }),
      };
      await withOutputFolder(out, options, async (store) => {
        const description = await describeRun(settings, { backend, module }, console);
        const { stream } = flags;
        const request = { description, store, data, dataDir, module, resume, stream };
        const summary = await train(request, console, signal);
        console.event('run', { path: store.location }, `run folder: ${store.location}`);
        expectConverged(summary, settings);
      });
    }),
  );
