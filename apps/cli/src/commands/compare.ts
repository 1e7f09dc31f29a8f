import { join } from 'node:path';
import { compareRuns, renderFigures } from '@convlens/pipeline';
import { Command } from 'commander';
import { Console } from '../terminal/console.js';
import { renderOptions } from '../figures/render-options.js';
import { interruptible } from '../terminal/interrupt.js';
import { openRunStore } from '../models/with-model.js';
import { withOutputFolder } from '../runs/output-folder.js';
import { formatTable } from '../terminal/format-table.js';

export const compareCommand = () =>
  new Command('compare')
    .description('compare the settings, curves and results of runs')
    .argument('<runs...>', 'run folders, or pretrained:NAME')
    .option('--out <dir>', 'output folder for the curves (SVG and PNG)')
    .action((paths: string[], { out, json }: { out?: string; json?: boolean }) =>
      interruptible(async (signal) => {
        const console = new Console(json);
        const { runs, settings, results, figure } = await compareRuns(
          await Promise.all(paths.map(openRunStore)),
        );
        const settingsText = settings.rows.length
          ? formatTable([settings.columns, ...settings.rows])
          : 'The settings are identical.';
        console.event('settings', settings, settingsText);
        console.event(
          'results',
          { ...results, runs },
          `\n${formatTable([results.columns, ...results.rows])}`,
        );
        if (!out) return;
        await withOutputFolder(out, { command: 'convlens compare', lock: false }, async (store) => {
          const onFigure = (name: string) => {
            const files = ['svg', 'png'].map((type) => join(store.location, `${name}.${type}`));
            console.event('figure', { name, files }, files.join('\n'));
          };
          await renderFigures([figure], { ...renderOptions(), store, signal, onFigure });
        });
      }),
    );
