import { testTimeViews, type TestTimeViews } from '@convlens/pipeline';
import { Command, Option } from 'commander';
import { Console } from '../console.js';
import { evaluate } from '../evaluation.js';
import { interruptible } from '../interrupt.js';
import { backendOption, dataDirOption } from '../options.js';
import { SUBJECT, withSubject, type SubjectFlags } from '../subject.js';

export const evaluateCommand = () =>
  new Command('evaluate')
    .description('measures a model on the test images: accuracy, loss, confusion matrix')
    .argument('<subject>', SUBJECT)
    .option('--data <name>', 'data set; default: that of the run')
    .addOption(
      new Option(
        '--average <views>',
        'see each image mirrored as well (flips), or also moved by a pixel, and take the mean of all answers',
      ).choices([...testTimeViews]),
    )
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((path: string, flags: SubjectFlags & { average?: TestTimeViews }) =>
      interruptible((signal) => {
        const console = new Console(flags.json);
        return withSubject(path, { flags, console, signal }, async ({ subject, store, images }) => {
          const { average } = flags;
          await evaluate({ subject, store, images: await images(), average }, console, signal);
        });
      }),
    );
