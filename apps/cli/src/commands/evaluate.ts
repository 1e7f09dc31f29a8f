import { Command } from 'commander';
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
    .option('--flip-average', 'see each image mirrored as well, and take the mean of both probabilities')
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((path: string, flags: SubjectFlags & { flipAverage?: boolean }) =>
      interruptible((signal) => {
        const console = new Console(flags.json);
        return withSubject(path, { flags, console, signal }, async ({ subject, store, images }) => {
          const { flipAverage } = flags;
          await evaluate({ subject, store, images: await images(), flipAverage }, console, signal);
        });
      }),
    );
