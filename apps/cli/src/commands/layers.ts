import { formatSummary, summarizeModel } from '@convlens/models';
import { Command } from 'commander';
import { Console } from '../console.js';
import { interruptible } from '../interrupt.js';
import { backendOption, dataDirOption } from '../options.js';
import { SUBJECT, withSubject, type SubjectFlags } from '../subject.js';

export const layersCommand = () =>
  new Command('layers')
    .description('lists the layers of a model: name, class, output shape, parameters')
    .argument('<subject>', SUBJECT)
    .addOption(dataDirOption().hideHelp())
    .addOption(backendOption().hideHelp())
    .action((path: string, flags: SubjectFlags) =>
      interruptible((signal) => {
        const console = new Console(flags.json);
        return withSubject(path, { flags, console, signal }, async ({ subject }) => {
          const summary = summarizeModel(subject.model);
          console.event('layers', summary, formatSummary(summary));
        });
      }),
    );
