import { InputError } from '@convlens/core';
import { folderStore } from '@convlens/storage/node';
import { expectSettings, openModel } from '@convlens/pipeline';
import { Command } from 'commander';
import { Console } from '../terminal/console.js';
import { resolveDataDir } from '../data/data-dir.js';
import { openDataset } from '../data/open-dataset.js';
import { evaluate } from '../runs/evaluate.js';
import { newRunFolder } from '../runs/new-run-folder.js';
import { interruptible } from '../terminal/interrupt.js';
import { detailOption, imageOption } from '../options/common-options.js';
import { addTrainingOptions, type TrainingFlags } from '../options/training-options.js';
import { newRunSettings } from '../options/training-settings.js';
import { expectPretrainedOptions, reportPretrained } from '../runs/report-pretrained.js';
import { report } from '../runs/report.js';
import { loadCustomLayers } from '../models/with-model.js';
import { describeRun, train } from '../runs/train.js';

interface RunFlags extends TrainingFlags {
  pretrained?: string;
  image?: string[];
  out?: string;
  detail: string;
}

export const runCommand = () =>
  addTrainingOptions(
    new Command('run').description(
      'train, evaluate, explain and report in one go (default data: generated shapes)',
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
        const dataDir = resolveDataDir(flags.dataDir);
        // The recipe shapes is the default for its own data set only.
        const settings = expectSettings(
          newRunSettings(flags, flags.data === undefined || flags.data === 'shapes' ? 'shapes' : undefined),
        );
        const store = folderStore(flags.out ?? (await newRunFolder(settings.data)));
        const description = await describeRun(settings, { backend: flags.backend, dataDir }, console);
        await train({ description, store }, console, signal);
        const opened = await openModel(store, { customLayers: await loadCustomLayers(store, console) });
        try {
          const images = await openDataset({ data: settings.data, dataDir, split: 'test' }, console, signal);
          await evaluate({ opened, store, images }, console, signal);
        } finally {
          opened.model.dispose();
        }
        await report({ store, dataDir, detail: flags.detail }, console, signal);
      }),
    );

/** An unknown command reaches run, because run is the default command. */
function expectKnownCommand({ args, parent }: Command): void {
  const names = parent!.commands.map((command) => command.name());
  if (args.length > 0)
    throw new InputError(`Expected a command, one of ${names.join(', ')}, got ${JSON.stringify(args[0])}`);
}
