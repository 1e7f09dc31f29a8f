import { formatSummary, summarizeModel } from '@convlens/models';
import { Command } from 'commander';
import { Console } from '../terminal/console.js';
import { interruptible } from '../terminal/interrupt.js';
import {
  architectureOption,
  backendOption,
  customLayersOption,
  dataDirOption,
} from '../options/common-options.js';
import { MODEL_SOURCE, withModel, type ModelFlags } from '../models/with-model.js';

export const layersCommand = () =>
  new Command('layers')
    .description('list the layers of a model: name, class, output shape, parameters')
    .argument('<model>', MODEL_SOURCE)
    .addOption(architectureOption())
    .addOption(customLayersOption())
    .addOption(dataDirOption().hideHelp())
    .addOption(backendOption().hideHelp())
    .action((path: string, flags: ModelFlags) =>
      interruptible((signal) => {
        const console = new Console(flags.json);
        return withModel(path, { flags, console, signal }, async ({ opened }) => {
          const summary = summarizeModel(opened.model);
          console.event('layers', summary, formatSummary(summary));
        });
      }),
    );
