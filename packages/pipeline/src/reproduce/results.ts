import type { BlobReader, BlobStore } from '@convlens/storage';
import type { EpochRecord } from '@convlens/core';
import type { ReportTable } from '@convlens/render-d3/report';
import { readJson } from '../run-folder.js';
import type { RunSettings } from '../settings.js';

/** All that is kept of a network that was trained again: results.json. Neither dates nor paths of a machine stand in it. */
export interface ReproductionResults {
  /** The recipe's name. */
  readonly network: string;
  readonly about: string;
  /** What repeats it. */
  readonly command: string;
  /** 1 if everything was used. */
  readonly scale: number;
  readonly settings: RunSettings;
  readonly images: { readonly train: number; readonly validation: number; readonly test: number };
  readonly backend: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Of training and validation. */
  readonly hours: number;
  readonly history: readonly EpochRecord[];
  readonly comparison: ReportTable;
  readonly differs: readonly string[];
  /** What a reader must know of this run besides. */
  readonly note?: string;
  /** Figures that are worth keeping, by the names of their files, each with what it shows. */
  readonly figures: Readonly<Record<string, string>>;
}

const RESULTS = 'results.json';
const PAGE = 'results.md';

/** What makes results something else than those of the source's setup; '' if nothing does. */
export function caveat({
  scale,
  settings,
  images,
}: Pick<ReproductionResults, 'scale' | 'settings' | 'images'>): string {
  const { train, validation, test } = images;
  const some = [train + validation, test].map((count) => count.toLocaleString('en-US'));
  return [
    scale < 1
      ? `A quick look at scale ${scale}: ${some[0]} training images, ${settings.epochs} ${settings.epochs === 1 ? 'epoch' : 'epochs'}, ${some[1]} test images. It is not to be compared with the source.`
      : '',
    settings.data === 'svhn-generated'
      ? 'The house numbers are drawn from MNIST’s digits; they are not SVHN, and easier.'
      : '',
  ]
    .filter(Boolean)
    .join(' ');
}

const tableText = ({ columns, rows }: ReportTable) =>
  [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const duration = (hours: number) =>
  hours < 1 / 60
    ? `${(3600 * hours).toFixed(0)} seconds`
    : hours < 1
      ? `${(60 * hours).toFixed(0)} minutes`
      : `${hours.toFixed(1)} hours`;

const historyText = (history: readonly EpochRecord[]) =>
  tableText({
    columns: ['epoch', 'learning rate', 'loss', 'accuracy', 'validation loss', 'validation accuracy'],
    rows: history.map(({ epoch, learningRate, loss, accuracy, valLoss, valAccuracy }) => [
      epoch + 1,
      Number(learningRate.toPrecision(4)),
      loss.toFixed(4),
      `${(100 * accuracy).toFixed(2)}%`,
      valLoss?.toFixed(4) ?? '',
      valAccuracy === undefined ? '' : `${(100 * valAccuracy).toFixed(2)}%`,
    ]),
  });

/** The page of results, in Markdown; its figures lie in `folder`. */
export function resultsPage(results: ReproductionResults, { folder }: { folder: string }): string {
  const { network, about, command, settings, images, backend, versions, hours, history } = results;
  const { comparison, differs, note, figures } = results;
  const marked = caveat(results);
  const facts = [
    ['command', `\`${command}\``],
    ['network', `\`${settings.model}\``],
    [
      'images',
      `${settings.data}: ${images.train.toLocaleString('en-US')} to train, ${images.validation.toLocaleString('en-US')} to validate, ${images.test.toLocaleString('en-US')} to test`,
    ],
    ['seed', settings.seed],
    ['backend', backend],
    [
      'versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['training took', duration(hours)],
  ];
  return [
    `# ${network}: ${about}`,
    ...(marked ? [`**${marked}**`] : []),
    tableText(comparison),
    'The weights are those of the epoch with the lowest validation loss; the test images chose nothing.',
    ...(note === undefined ? [] : [note]),
    '## How it was done',
    tableText({ columns: ['', ''], rows: facts }),
    '## What differs from the source, and why',
    differs.map((text) => `- ${text}`).join('\n'),
    '## Epoch by epoch',
    historyText(history),
    '## Figures',
    ...Object.entries(figures).map(
      ([name, caption]) => `${caption}\n\n![${name}](${folder}${encodeURIComponent(name)}.png)`,
    ),
    '',
  ].join('\n\n');
}

/** Writes results.json and results.md. */
export async function writeResults(
  store: BlobStore,
  results: ReproductionResults,
  { folder }: { folder: string },
): Promise<void> {
  const encode = (text: string) => new TextEncoder().encode(text);
  await store.write(PAGE, encode(resultsPage(results, { folder })));
  await store.write(RESULTS, encode(`${JSON.stringify(results, null, 2)}\n`));
}

/**
 * The results in a run folder of a reproduction; undefined if it is not finished, or none. Throws an InputError if they are
 * damaged.
 */
export const readResults = (store: BlobReader): Promise<ReproductionResults | undefined> =>
  readJson<ReproductionResults>(store, RESULTS);
