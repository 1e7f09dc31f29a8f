import { channelStatistics, classCounts } from '@convlens/image-set';
import { Command } from 'commander';
import { Console } from '../console.js';
import { dataFolder } from '../data-folder.js';
import { openDataset } from '../dataset.js';
import { interruptible } from '../interrupt.js';
import { dataDirOption } from '../options.js';

export const dataCommand = () =>
  new Command('data')
    .description('checks a data set and describes it')
    .argument('<name>', 'convlens list data')
    .addOption(dataDirOption())
    .action((data: string, flags: { dataDir?: string; json?: boolean }) =>
      interruptible(async (signal) => {
        const console = new Console(flags.json);
        const dataDir = dataFolder(flags.dataDir);
        for (const split of ['train', 'test'] as const) {
          const images = await openDataset({ data, dataDir, split }, console, signal);
          const { name, count, height, width, channels, classNames } = images;
          const { mean, std } = channelStatistics(images);
          const counts = [...classCounts(images)];
          const rounded = (values: ArrayLike<number>) =>
            Array.from(values, (value) => value.toFixed(4)).join(', ');
          const text = [
            `${name}: ${count} images of ${height} x ${width} x ${channels}`,
            `  classes  ${classNames.map((label, i) => `${label} ${counts[i]}`).join(', ')}`,
            `  mean     ${rounded(mean)}`,
            `  std      ${rounded(std)}`,
          ].join('\n');
          console.event(
            'data',
            { name, count, height, width, channels, classNames, counts, mean, std },
            text,
          );
        }
      }),
    );
