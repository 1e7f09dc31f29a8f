import { folderStore } from '@convlens/storage/node';
import { compareRuns, drawFigures } from '@convlens/pipeline';
import { Command } from 'commander';
import { Console } from '../console.js';
import { drawing } from '../drawing.js';
import { interruptible } from '../interrupt.js';
import { openRunStore } from '../subject.js';
import { formatTable } from '../table.js';

export const compareCommand = () =>
  new Command('compare')
    .description('settings, curves and results of several runs side by side')
    .argument('<runs...>', 'run folders, or pretrained:NAME')
    .option('--out <dir>', 'draws the curves (SVG and PNG) into a folder')
    .action((paths: string[], { out, json }: { out?: string; json?: boolean }) =>
      interruptible(async (signal) => {
        const console = new Console(json);
        const { runs, settings, results, figure } = await compareRuns(
          await Promise.all(paths.map(openRunStore)),
        );
        const differing = settings.rows.length
          ? formatTable([settings.columns, ...settings.rows])
          : 'The settings are the same.';
        console.event('settings', settings, differing);
        console.event(
          'results',
          { ...results, runs },
          `\n${formatTable([results.columns, ...results.rows])}`,
        );
        if (!out) return;
        const onFigure = (name: string) => {
          const files = ['svg', 'png'].map((type) => `${store.location}/${name}.${type}`);
          console.event('figure', { name, files }, files.join('\n'));
        };
        const store = folderStore(out);
        await drawFigures([figure], { ...drawing(), store, signal, onFigure });
      }),
    );
