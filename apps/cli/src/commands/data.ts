import { join, resolve, sep } from 'node:path';
import { InputError, type ImageSet } from '@convlens/core';
import { channelStatistics, classCounts } from '@convlens/image-set';
import type { LoadedFile } from '@convlens/image-set/files';
import { isImageFolder } from '@convlens/pipeline';
import { Command } from 'commander';
import { Console } from '../console.js';
import { drawContactSheet } from '../contact-sheet.js';
import { dataFolder, typedDataset } from '../data-folder.js';
import { mebibytes, openDataset } from '../dataset.js';
import { importFiles } from '../import-files.js';
import { interruptible } from '../interrupt.js';
import { dataDirOption } from '../options.js';

interface DataFlags {
  dataDir?: string;
  offline?: boolean;
  verify?: boolean;
  import?: string;
  mirror?: string[];
  out?: string;
  json?: boolean;
}

export const dataCommand = () =>
  new Command('data')
    .description('fetches a data set if it is not there, checks and describes it')
    .argument('<name>', 'convlens list data; or a folder of your own images: one folder a class')
    .addOption(dataDirOption())
    .option('--offline', 'fetch nothing')
    .option('--verify', 'compute the checksums of unpacked files too')
    .option('--import <dir>', 'take the files from there, check them and copy them to where data sets lie')
    .option(
      '--mirror <url>',
      'a folder on a server that has the files, tried first; may be given more than once; also $CONVLENS_MIRROR',
      (url: string, others: string[] = []) => [...others, url],
    )
    .option('--out <dir>', 'where the contact sheet goes; default: runs/data-NAME')
    .action((name: string, flags: DataFlags) => interruptible((signal) => describe(name, flags, signal)));

async function describe(name: string, flags: DataFlags, signal: AbortSignal): Promise<void> {
  const console = new Console(flags.json);
  const data = typedDataset(name);
  const dataDir = dataFolder(flags.dataDir);
  const from = flags.import === undefined ? undefined : resolve(flags.import);
  if (from !== undefined && (data === 'shapes' || isImageFolder(data)))
    throw new InputError(`Expected --import with a published data set, got ${data}, which needs none`);
  const folder = resolve(flags.out ?? join('runs', `data-${resolve(name).split(sep).pop()}`));
  if (isImageFolder(data) && `${folder}${sep}`.startsWith(`${data}${sep}`))
    throw new InputError(
      `Expected --out outside of ${data}, got ${folder}: the contact sheet would be one of the images`,
    );
  const files = new Map<string, LoadedFile>();
  const load = (split: 'train' | 'test') =>
    openDataset(
      {
        data,
        dataDir: from ?? dataDir,
        split,
        offline: flags.offline || from !== undefined ? true : undefined,
        mirrors: flags.mirror,
        verify: flags.verify || from !== undefined,
        onFile: (file) => files.set(file.name, file),
      },
      console,
      signal,
    );
  const train = await load('train');
  describeSet(train, console);
  describeSet(await load('test'), console);
  if (from !== undefined) {
    const copied = await importFiles([...files.values()], { from, to: dataDir });
    console.event('import', { from, to: dataDir, copied }, `copied ${copied} files to ${dataDir}`);
  }
  if (isImageFolder(data)) describeFolder([...files.values()], data, console);
  else if (files.size > 0) describeFiles([...files.values()], dataDir, console);
  const paths = await drawContactSheet(train, folder);
  console.event('figures', { paths }, `contact sheet: ${paths.join(', ')}`);
}

function describeSet(images: ImageSet, console: Console): void {
  const { name, count, height, width, channels, classNames } = images;
  const { mean, std } = channelStatistics(images);
  const counts = classCounts(images);
  const rounded = (values: number[]) => values.map((value) => value.toFixed(4)).join(', ');
  const text = [
    `${name}: ${count} images of ${height} x ${width} x ${channels}`,
    `  classes  ${lines(classNames.map((label, i) => `${label} ${counts[i]}`)).join(`\n${' '.repeat(11)}`)}`,
    `  mean     ${rounded(mean)}`,
    `  std      ${rounded(std)}`,
  ].join('\n');
  console.event('data', { name, count, height, width, channels, classNames, counts, mean, std }, text);
}

/** Words separated by commas, in lines of a readable length. */
function lines(words: readonly string[], width = 100): string[] {
  const result: string[] = [];
  for (const [i, word] of words.entries()) {
    const piece = i < words.length - 1 ? `${word},` : word;
    const last = result.at(-1);
    if (last === undefined || last.length + piece.length >= width) result.push(piece);
    else result[result.length - 1] = `${last} ${piece}`;
  }
  return result;
}

const VERDICTS = new Map([
  [true, 'checksum as published'],
  [false, 'verified: false (its checksum is not the published one; length and labels are right)'],
]);

const bytesOf = (files: readonly LoadedFile[]) => files.reduce((sum, file) => sum + file.bytes, 0);

function describeFolder(files: readonly LoadedFile[], folder: string, console: Console): void {
  const bytes = bytesOf(files);
  const text = `${mebibytes(bytes)} in ${folder}: ${files.length} images`;
  console.event('files', { folder, bytes, count: files.length }, text);
}

function describeFiles(files: readonly LoadedFile[], dataDir: string, console: Console): void {
  const bytes = bytesOf(files);
  const verdicts = files.map(
    ({ name, verified }) => `  ${name}: ${VERDICTS.get(verified!) ?? 'length and labels are right'}`,
  );
  const text = [`${mebibytes(bytes)} in ${dataDir}`, ...verdicts].join('\n');
  console.event('files', { folder: dataDir, bytes, files }, text);
}
