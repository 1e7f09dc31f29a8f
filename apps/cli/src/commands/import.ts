import { IDENTITY, InputError, UNIT_RANGE, type Preprocessing } from '@convlens/core';
import { folderStore } from '@convlens/core/node';
import { saveModel } from '@convlens/models';
import { Command } from 'commander';
import { Console } from '../console.js';
import { chooseBackend } from '../backend.js';
import { interruptible } from '../interrupt.js';
import { isKerasFile, openKerasFile } from '../keras-subject.js';
import { list } from '../options.js';

/** How pixels (0..255) become what a network reads, by the name on the command line. */
const SCALES: Readonly<Record<string, Preprocessing>> = {
  unit: UNIT_RANGE,
  signed: { scale: 1 / 255, mean: [0.5], std: [0.5] },
  none: IDENTITY,
};

interface ImportFlags {
  out: string;
  pixels?: string;
  classes?: string[];
  json?: boolean;
}

export const importCommand = () =>
  new Command('import')
    .description('turns a Keras file (.keras, .h5) into a model folder')
    .argument('<file>', 'model.keras or model.h5')
    .requiredOption('--out <dir>', 'the model folder')
    .option('--pixels <scale>', 'what the model reads: unit (0 to 1), signed (-1 to 1), none (0 to 255)')
    .option('--classes <list>', 'the names of the classes, such as airplane,cat', list)
    .action((path: string, flags: ImportFlags) =>
      interruptible(async () => {
        const console = new Console(flags.json);
        if (!isKerasFile(path))
          throw new InputError(`Expected a .keras or .h5 file, got ${JSON.stringify(path)}`);
        if (flags.pixels !== undefined && !Object.hasOwn(SCALES, flags.pixels))
          throw new InputError(
            `Expected --pixels to be one of ${Object.keys(SCALES).join(', ')}, got ${JSON.stringify(flags.pixels)}`,
          );
        await chooseBackend('cpu');
        const { model, notes, preprocessing: known } = await openKerasFile(path);
        try {
          const preprocessing = flags.pixels ? SCALES[flags.pixels] : (known ?? UNIT_RANGE);
          const classNames = classNamesOf(model.outputs[0].shape.at(-1), flags.classes);
          const store = folderStore(flags.out);
          await saveModel(model, store, { preprocessing, classNames });
          for (const note of notes) console.event('note', { note }, `note: ${note}`);
          if (!flags.pixels && !known) {
            const note =
              'what the model reads is not known, 0 to 1 is taken: say --pixels if it is another scale';
            console.event('note', { note }, `note: ${note}`);
          }
          const { location } = store;
          console.event('model', { path: location, preprocessing, classNames }, `model folder: ${location}`);
        } finally {
          model.dispose();
        }
      }),
    );

function classNamesOf(count: number | null | undefined, given: string[] | undefined): string[] {
  if (given && given.length !== count)
    throw new InputError(`Expected --classes to name ${count} classes, got ${given.length}`);
  return given ?? Array.from({ length: count ?? 0 }, (_, i) => `class ${i}`);
}
