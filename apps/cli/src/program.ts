import { Command } from 'commander';
import { benchCommand } from './commands/bench.js';
import { compareCommand } from './commands/compare.js';
import { dataCommand } from './commands/data.js';
import { evaluateCommand } from './commands/evaluate.js';
import { explainCommand } from './commands/explain.js';
import { importCommand } from './commands/import.js';
import { layersCommand } from './commands/layers.js';
import { listCommand } from './commands/list.js';
import { reportCommand } from './commands/report.js';
import { reproduceCommand } from './commands/reproduce.js';
import { runCommand } from './commands/run.js';
import { trainCommand } from './commands/train.js';
import { version } from './version.js';

/** The command line, with what every command shares: --json, and errors that are thrown rather than exits. */
export function createProgram(): Command {
  const program = new Command('convlens')
    .description('Trains convolutional networks on small images and shows what they learned.')
    .version(version)
    .showHelpAfterError('(convlens help shows what there is)')
    .addHelpText('after', '\nWithout a command, convlens runs the whole of it on drawn shapes: convlens run');
  const commands = [
    runCommand(),
    listCommand(),
    dataCommand(),
    importCommand(),
    trainCommand(),
    evaluateCommand(),
    layersCommand(),
    explainCommand(),
    compareCommand(),
    reportCommand(),
    reproduceCommand(),
    benchCommand(),
  ];
  for (const command of commands)
    program.addCommand(command.option('--json', 'one JSON line an event instead of text').exitOverride(), {
      isDefault: command.name() === 'run',
    });
  return program.exitOverride();
}
