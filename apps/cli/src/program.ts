import { InputError, isInputError } from '@convlens/core';
import { Command } from 'commander';
import { benchCommand } from './commands/bench.js';
import { compareCommand } from './commands/compare.js';
import { dataCommand } from './commands/data.js';
import { evaluateCommand } from './commands/evaluate.js';
import { explainCommand } from './commands/explain.js';
import { importCommand } from './commands/import.js';
import { layersCommand } from './commands/layers.js';
import { listCommand } from './commands/list.js';
import { predictCommand } from './commands/predict.js';
import { reportCommand } from './commands/report.js';
import { reproduceCommand } from './commands/reproduce.js';
import { runCommand } from './commands/run.js';
import { trainCommand } from './commands/train.js';
import { escapeLines } from './terminal/escape-lines.js';
import { version } from './version.js';

/** The command line. Every command has --json and throws errors instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('convlens')
    .description('Train CNNs on small images and explain them.')
    .version(version)
    .showHelpAfterError('(run convlens help for a list of commands)')
    .addHelpText(
      'after',
      '\nWithout a command, convlens runs the complete pipeline on the generated data set shapes: convlens run',
    );
  const commands = [
    runCommand(),
    listCommand(),
    dataCommand(),
    importCommand(),
    trainCommand(),
    evaluateCommand(),
    predictCommand(),
    layersCommand(),
    explainCommand(),
    compareCommand(),
    reportCommand(),
    reproduceCommand(),
    benchCommand(),
  ];
  for (const command of commands) {
    nameOptionsInErrors(command);
    program.addCommand(
      command
        .configureOutput({ writeErr: (text) => process.stderr.write(escapeLines(text)) })
        .option('--json', 'print one JSON object per line instead of text')
        .exitOverride(),
      {
        isDefault: command.name() === 'run',
      },
    );
  }
  return program.exitOverride();
}

/** Values that an option refuses are reported with the name of the option. */
function nameOptionsInErrors(command: Command): void {
  for (const option of command.options) {
    const { parseArg } = option;
    if (!parseArg) continue;
    option.argParser((text: string, previous: unknown) => {
      try {
        return parseArg.call(option, text, previous);
      } catch (error) {
        if (!isInputError(error)) throw error;
        throw new InputError(`${error.message} (option ${option.long ?? option.flags})`);
      }
    });
  }
}
