import { InputError } from '@convlens/core';
import { folderStore } from '@convlens/storage/node';
import { expectSettings, openSubject } from '@convlens/pipeline';
import { Command } from 'commander';
import { chooseTrainingBackend } from '../backend.js';
import { Console } from '../console.js';
import { dataFolder } from '../data-folder.js';
import { openDataset } from '../dataset.js';
import { evaluate } from '../evaluation.js';
import { freeFolder } from '../free-folder.js';
import { imageOption } from '../image-files.js';
import { interruptible } from '../interrupt.js';
import { addTrainingOptions, settingsOf, type TrainingFlags } from '../options.js';
import { expectLookingOptions, lookAtPretrained } from '../pretrained-run.js';
import { detailOption, report } from '../reporting.js';
import { customLayersOf } from '../subject.js';
import { placeOf, train, versions } from '../training.js';
import { version } from '../version.js';

interface RunFlags extends TrainingFlags {
  pretrained?: string;
  image?: string[];
  out?: string;
  detail: string;
}

export const runCommand = () =>
  addTrainingOptions(
    new Command('run').description(
      'the whole of it: trains, evaluates, looks inside, reports (default: on drawn shapes)',
    ),
  )
    .option(
      '--pretrained <name>',
      'trains nothing: looks inside a trained network (convlens list pretrained)',
    )
    .addOption(imageOption())
    .option('--out <run>', 'the run folder; default: a new one in runs/')
    .addOption(detailOption())
    .allowExcessArguments()
    .action((flags: RunFlags, command: Command) =>
      interruptible(async (signal) => {
        expectNoCommand(command);
        const console = new Console(flags.json);
        if (flags.pretrained !== undefined) {
          expectLookingOptions(command);
          return lookAtPretrained(flags.pretrained, { flags, console, signal });
        }
        if (flags.image)
          throw new InputError(
            'Expected --pretrained NAME with --image; convlens explain SUBJECT --image FILE looks at them by one method',
          );
        const dataDir = dataFolder(flags.dataDir);
        // The embedded recipe fits its own data; for another, the command's own defaults.
        const settings = expectSettings(
          settingsOf(flags, flags.data === undefined || flags.data === 'shapes' ? 'shapes' : undefined),
        );
        const store = folderStore(flags.out ?? (await freeFolder(settings.data)));
        const { name: backend, why } = await chooseTrainingBackend(flags.backend);
        console.event('backend', { backend, why }, `backend: ${backend}, because ${why}`);
        const description = { settings, backend, versions: versions(version), ...placeOf(settings, dataDir) };
        await train({ description, store }, console, signal);
        const subject = await openSubject(store, { customLayers: await customLayersOf(store, console) });
        try {
          const images = await openDataset({ data: settings.data, dataDir, split: 'test' }, console, signal);
          await evaluate({ subject, store, images }, console, signal);
        } finally {
          subject.model.dispose();
        }
        await report({ store, dataDir, detail: flags.detail }, console, signal);
      }),
    );

/** As the default command, run is also what gets a command that does not exist. */
function expectNoCommand({ args, parent }: Command): void {
  const names = parent!.commands.map((command) => command.name());
  if (args.length > 0)
    throw new InputError(`Expected a command, one of ${names.join(', ')}, got ${JSON.stringify(args[0])}`);
}
