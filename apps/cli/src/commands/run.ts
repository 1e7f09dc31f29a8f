import { basename } from 'node:path';
import { InputError, type Evaluation } from '@convlens/core';
import { expectConverged, expectFiniteLoss, folderOptionsOf, openModel, RUN_FILES } from '@convlens/pipeline';
import { Command } from 'commander';
import { Console } from '../terminal/console.js';
import { openDataset } from '../data/open-dataset.js';
import { evaluate } from '../runs/evaluate.js';
import { withNewRunFolder } from '../runs/new-run-folder.js';
import { EDITABLE_TRAINING_FILES, TRAINING_FILES } from '../runs/output-folder.js';
import { planTraining, type ResumeFlags } from '../runs/plan-training.js';
import { interruptible } from '../terminal/interrupt.js';
import { detailOption, imageOption } from '../options/common-options.js';
import { loadModelModule } from '../models/model-module.js';
import { addResumeOptions, addTrainingOptions, type TrainingFlags } from '../options/training-options.js';
import { expectPretrainedOptions, reportPretrained } from '../runs/report-pretrained.js';
import { report } from '../runs/report.js';
import { describeRun, hasModel, train } from '../runs/train.js';

interface RunFlags extends TrainingFlags, ResumeFlags {
  pretrained?: string;
  image?: string[];
  out?: string;
  detail: string;
}

export const runCommand = () =>
  addResumeOptions(
    addTrainingOptions(
      new Command('run').description(
        'train, evaluate, explain and report in one go (default data: generated shapes)',
      ),
    ),
  )
    .option(
      '--pretrained <name>',
      'use a pretrained model instead of training one (see convlens list pretrained)',
    )
    .addOption(imageOption())
    .option('--out <run>', 'run folder; default: a new one in runs/')
    .addOption(detailOption())
    .allowExcessArguments()
    .action((flags: RunFlags, command: Command) =>
      interruptible(async (signal) => {
        expectKnownCommand(command);
        const console = new Console(flags.json);
        if (flags.pretrained !== undefined) {
          expectPretrainedOptions(command);
          return reportPretrained(flags.pretrained, { flags, console, signal });
        }
        if (flags.image)
          throw new InputError(
            'Expected --pretrained NAME with --image; to explain images with one method use convlens explain MODEL --image FILE',
          );
        await trainAndReport(flags, console, signal);
      }),
    );

async function trainAndReport(flags: RunFlags, console: Console, signal: AbortSignal): Promise<void> {
  const { out, detail, backend } = flags;
  // The recipe shapes is the default for its own data set only.
  const fallbackRecipe = flags.data === undefined || flags.data === 'shapes' ? 'shapes' : undefined;
  const plan = await planTraining(flags, { out, fallbackRecipe }, console);
  const { settings, data, dataDir, module, resume } = plan;
  const { limit } = settings;
  const request = { data, dataDir, ...folderOptionsOf(settings) };
  const options = {
    out,
    command: 'convlens run',
    // Refused before the training, not after it.
    replaces: [RUN_FILES.evaluation, RUN_FILES.report],
    editable: EDITABLE_TRAINING_FILES,
    ...(resume && { adopts: TRAINING_FILES }),
  };
  await withNewRunFolder(basename(data), options, async (store) => {
    const description = await describeRun(settings, { backend, module }, console);
    const summary = await train({ description, store, data, dataDir, module, resume }, console, signal);
    if (!hasModel(summary)) expectConverged(summary, settings);
    const customLayers = module === undefined ? [] : (await loadModelModule(module)).customLayers;
    const test = await openDataset({ ...request, split: 'test' }, console, signal);
    const opened = await openModel(store, { customLayers });
    let evaluation: Evaluation;
    try {
      evaluation = await evaluate({ opened, store, images: test }, console, signal);
    } finally {
      opened.model.dispose();
    }
    const training = await openDataset({ ...request, limit, split: 'train' }, console, signal);
    await report({ store, detail, customLayers, images: { train: training, test } }, console, signal);
    // A model of an epoch before is evaluated and reported all the same.
    expectConverged(summary, settings);
    expectFiniteLoss(evaluation);
  });
}

/** An unknown command reaches run, because run is the default command. */
function expectKnownCommand({ args, parent }: Command): void {
  const names = parent!.commands.map((command) => command.name());
  if (args.length > 0)
    throw new InputError(`Expected a command, one of ${names.join(', ')}, got ${JSON.stringify(args[0])}`);
}
