import { basename, join, resolve } from 'node:path';
import { escapeControls, InputError, type ImageSet } from '@convlens/core';
import { pixelStatistics, classCounts } from '@convlens/image-set';
import type { LoadedFile } from '@convlens/image-set/files';
import { isFolderPath } from '@convlens/pipeline';
import { Command } from 'commander';
import { Console } from '../terminal/console.js';
import { renderContactSheet } from '../figures/contact-sheet.js';
import { needsFiles, resolveDataDir, resolveDataset } from '../data/data-dir.js';
import { isInside } from '../data/is-inside.js';
import { formatMebibytes, openDataset } from '../data/open-dataset.js';
import { copyDatasetFiles } from '../data/copy-dataset-files.js';
import { interruptible } from '../terminal/interrupt.js';
import { dataDirOption } from '../options/common-options.js';

interface DataFlags {
  dataDir?: string;
  offline?: boolean;
  verify?: boolean;
  copyFrom?: string;
  mirror?: string[];
  out?: string;
  json?: boolean;
}

export const dataCommand = () =>
  new Command('data')
    .description('download (if needed), verify and describe a data set')
    .argument(
      '<name>',
      'a data set (see convlens list data), a folder with one subfolder of images per class, or a file with images',
    )
    .addOption(dataDirOption())
    .option('--offline', 'do not download')
    .option('--verify', 'also verify the checksums of unpacked files')
    .option('--copy-from <dir>', 'copy the files from this folder into the data folder, after verification')
    .option(
      '--mirror <url>',
      'URL of a mirror, tried before the official hosts; repeatable; see also $CONVLENS_MIRROR',
      (url: string, others: string[] = []) => [...others, url],
    )
    .option('--out <dir>', 'output folder of the contact sheet; default: runs/data-NAME')
    .action((name: string, flags: DataFlags) =>
      interruptible((signal) => describeDataset(name, flags, signal)),
    );

async function describeDataset(name: string, flags: DataFlags, signal: AbortSignal): Promise<void> {
  const console = new Console(flags.json);
  const data = resolveDataset(name);
  const dataDir = resolveDataDir(flags.dataDir);
  const from = flags.copyFrom === undefined ? undefined : resolve(flags.copyFrom);
  if (from !== undefined && !needsFiles(data))
    throw new InputError(`--copy-from applies to published data sets only, got ${data}`);
  const folder = resolve(flags.out ?? join('runs', `data-${basename(resolve(name))}`));
  if (isFolderPath(data) && isInside(folder, data))
    throw new InputError(
      `Expected --out outside of ${data}, got ${folder}: the contact sheet would become one of its images`,
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
  printImageSet(train, console);
  printImageSet(await load('test'), console);
  if (from !== undefined) {
    const copied = await copyDatasetFiles([...files.values()], { from, to: dataDir });
    console.event('copy', { from, to: dataDir, copied }, `copied ${copied} files to ${dataDir}`);
  }
  if (isFolderPath(data)) printFolder([...files.values()], data, console);
  else if (files.size > 0) printFiles([...files.values()], dataDir, console);
  const paths = await renderContactSheet(train, folder);
  console.event('figures', { paths }, `contact sheet: ${paths.join(', ')}`);
}

function printImageSet(images: ImageSet, console: Console): void {
  const { name, count, height, width, channels, classNames } = images;
  const { mean, std } = pixelStatistics(images);
  const counts = classCounts(images);
  const rounded = (values: number[]) => values.map((value) => value.toFixed(4)).join(', ');
  const text = [
    `${escapeControls(name)}: ${count} images of ${height} x ${width} x ${channels}`,
    `  classes  ${wrapWords(classNames.map((label, i) => `${escapeControls(label)} ${counts[i]}`)).join(`\n${' '.repeat(11)}`)}`,
    `  mean     ${rounded(mean)}`,
    `  std      ${rounded(std)}`,
  ].join('\n');
  console.event('data', { name, count, height, width, channels, classNames, counts, mean, std }, text);
}

/** Joins words with commas into lines of at most `width` characters. */
function wrapWords(words: readonly string[], width = 100): string[] {
  const result: string[] = [];
  for (const [i, word] of words.entries()) {
    const piece = i < words.length - 1 ? `${word},` : word;
    const last = result.at(-1);
    if (last === undefined || last.length + piece.length >= width) result.push(piece);
    else result[result.length - 1] = `${last} ${piece}`;
  }
  return result;
}

const CHECKSUM_TEXT = new Map([
  [true, 'checksum verified'],
  [false, 'verified: false (the checksum differs from the published one; length and labels are valid)'],
]);

const totalBytes = (files: readonly LoadedFile[]) => files.reduce((sum, file) => sum + file.bytes, 0);

function printFolder(files: readonly LoadedFile[], folder: string, console: Console): void {
  const bytes = totalBytes(files);
  const text = `${formatMebibytes(bytes)} in ${folder}: ${files.length} images`;
  console.event('files', { folder, bytes, count: files.length }, text);
}

function printFiles(files: readonly LoadedFile[], dataDir: string, console: Console): void {
  const bytes = totalBytes(files);
  const verdicts = files.map(
    ({ name, verified }) =>
      `  ${escapeControls(name)}: ${CHECKSUM_TEXT.get(verified!) ?? 'length and labels are valid'}`,
  );
  const text = [`${formatMebibytes(bytes)} in ${dataDir}`, ...verdicts].join('\n');
  console.event('files', { folder: dataDir, bytes, files }, text);
}
