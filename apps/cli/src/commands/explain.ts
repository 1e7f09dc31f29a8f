import { dirname, join } from 'node:path';
import { expectOneOf, InputError } from '@convlens/core';
import { folderStore } from '@convlens/storage/node';
import { drawFigures, explain, methodNames, readImages, runNames } from '@convlens/pipeline';
import { MAP_SCALES, type MapScale } from '@convlens/render-d3';
import { Command, Option } from 'commander';
import { Console } from '../console.js';
import { drawing } from '../drawing.js';
import { imageOption, readImageFiles } from '../image-files.js';
import { interruptible } from '../interrupt.js';
import { backendOption, dataDirOption, list, number } from '../options.js';
import { isKerasFile } from '../keras-subject.js';
import { isPretrained, pretrainedName } from '../pretrained.js';
import { SUBJECT, withSubject, type SubjectFlags } from '../subject.js';
import { formatTable } from '../table.js';

interface ExplainFlags extends SubjectFlags {
  method: string;
  layer?: string;
  filters?: string[];
  classes?: string[];
  nth?: number;
  index?: number;
  image?: string[];
  target?: string;
  scale?: MapScale;
  columns?: number;
  out?: string;
}

export const explainCommand = () =>
  new Command('explain')
    .description('looks inside a model by one method and draws what it finds')
    .argument('<subject>', SUBJECT)
    .requiredOption('--method <name>', 'convlens list methods')
    .option('--layer <name>', 'a layer, first-conv or last-conv (convlens layers SUBJECT)')
    .option('--filters <list>', 'such as 0,10,25, or all', list)
    .option('--classes <list>', 'whose nth test image is looked at, such as airplane,cat', list)
    .option('--nth <n>', 'which image of each class, from 1 (default: 3)', number)
    .option('--index <n>', 'one test image by its index', number)
    .addOption(imageOption())
    .option('--target <what>', 'predicted (default), label, a class, or LAYER#CHANNEL such as relu2_2#10')
    .addOption(
      new Option('--scale <how>', 'colours of feature maps (default: map, each by itself)').choices(
        MAP_SCALES,
      ),
    )
    .option('--columns <n>', 'feature maps side by side (default: 8)', number)
    .option('--out <dir>', 'where the files go; default: the figures folder of the run, or of the model')
    .option('--data <name>', 'data set; default: that of the run')
    .addOption(dataDirOption())
    .addOption(backendOption())
    .action((path: string, flags: ExplainFlags) =>
      interruptible((signal) => {
        const console = new Console(flags.json);
        expectOneOf('--method', flags.method, methodNames);
        if (flags.image && flags.data !== undefined)
          throw new InputError('Expected --data or --image, got both');
        return withSubject(path, { flags, console, signal }, async ({ subject, images: load }) => {
          const images = flags.image ? readImages(await readImageFiles(flags.image), subject) : await load();
          const { method, layer, classes, nth, index, target, scale, columns } = flags;
          const filters = filtersOf(flags.filters);
          const bar = console.bar(method);
          const onProgress = (done: number, total: number) => bar.update(done, total);
          const found = await explain(subject, {
            method,
            images,
            layer,
            filters,
            classes,
            nth,
            index,
            target,
            scale,
            columns,
            signal,
            onProgress, // prettier-ignore
          }).finally(() => bar.stop());
          const out = flags.out ?? figuresOf(path, flags);
          const store = folderStore(out);
          if (found.table) {
            const { columns, rows } = found.table;
            console.event('table', found.table, formatTable([columns, ...rows]));
          }
          if (found.conclusion) console.event('conclusion', { text: found.conclusion }, found.conclusion);
          const onFigure = (name: string) => {
            const file = join(store.location, `${name}.png`);
            console.event('figure', { name, files: [file, file.replace(/png$/, 'svg')] }, file);
          };
          await drawFigures(found.figures, { ...drawing(), store, signal, onFigure });
        });
      }),
    );

/** Where figures go that nobody said where to put: with their model; those of images of one's own apart. */
function figuresOf(path: string, { image }: ExplainFlags): string {
  const place = isKerasFile(path)
    ? dirname(path)
    : isPretrained(path)
      ? join('runs', pretrainedName(path))
      : path;
  return join(place, runNames.figures, image ? 'images' : '');
}

function filtersOf(texts: string[] | undefined): number[] | 'all' | undefined {
  if (texts === undefined) return undefined;
  if (texts.join() === 'all') return 'all';
  return texts.map((text) => {
    if (!/^\d+$/.test(text))
      throw new InputError(`Expected --filters such as 0,10,25 or all, got ${JSON.stringify(texts.join())}`);
    return Number(text);
  });
}
