import { expectReader } from '@convlens/storage';
import { expectList, formatPercent, InputError, type TrainingRun } from '@convlens/core';
import { runComparison } from '@convlens/render-d3';
import type { ReportTable } from '@convlens/render-d3/report';
import type { BlobReader } from '@convlens/storage';
import type { FigureSpec } from '../figures/figure-spec.js';
import { epochDivergence } from '../divergence/epoch-divergence.js';
import { readRun, type RunContents, type RunDescription } from './run-folder.js';
import { recordedSettings } from '../recorded/recorded-settings.js';
import { savedEpoch, totalSeconds } from './run-summary.js';

/** A comparison of several runs. */
export interface RunComparison {
  /** In the order of the stores, each named by the shortest end of its path that distinguishes it. */
  readonly runs: readonly TrainingRun[];
  /** One row per setting in which they differ, one column per run. */
  readonly settings: ReportTable;
  /** One row per run: epochs (and whether the last is diverged), best validation, test results if it was evaluated, seconds. */
  readonly results: ReportTable;
  /** Loss and accuracy by epoch. */
  readonly figure: FigureSpec;
}

/**
 * Reads run folders and compares their settings, results and curves.
 *
 * @throws InputError for fewer than two folders, for one that is not a run folder, and for a run without a
 *   finished epoch.
 */
export async function compareRuns(stores: readonly BlobReader[]): Promise<RunComparison> {
  expectList('stores', stores, expectReader);
  if (stores.length < 2)
    throw new InputError(`Expected at least two runs to compare, got ${stores.length || 'none'}`);
  const contents = await Promise.all(stores.map((store) => readRun(store)));
  contents.forEach(({ history }, i) => {
    if (!history.length) throw new InputError(`Expected ${stores[i].location} to hold a finished epoch`);
  });
  const names = shortestDistinctNames(stores.map(({ location }) => location));
  const runs = contents.map((run, i) => trainingRun(names[i], run));
  return {
    runs,
    settings: settingsTable(
      names,
      contents.map(({ description }) => description),
    ),
    results: resultsTable(runs),
    figure: {
      name: 'runs_compared',
      caption: 'Loss and accuracy of the runs by epoch.',
      render: (options) => runComparison(runs, options),
    },
  };
}

/** The ends of paths, with as many parts as are needed to distinguish them; the same path twice has the same name. */
function shortestDistinctNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(/[\\/]/).filter(Boolean));
  const ends = (count: number) => parts.map((all) => all.slice(-count).join('/'));
  const distinct = new Set(ends(Infinity)).size;
  for (let count = 1; ; count++) if (new Set(ends(count)).size === distinct) return ends(count);
}

function trainingRun(name: string, { description, history, summary }: RunContents): TrainingRun {
  const { model } = recordedSettings(description.settings);
  const bestEpoch = savedEpoch(history).epoch;
  const test = summary?.test;
  if (!test) return { name, model, history, bestEpoch };
  const confusion = { classNames: summary.classNames, counts: Uint32Array.from(test.confusion.flat()) };
  return { name, model, history, bestEpoch, evaluation: { ...test, confusion } };
}

function settingsTable(names: readonly string[], descriptions: readonly RunDescription[]): ReportTable {
  const texts = descriptions.map(settingTexts);
  const settings = [...new Set(texts.flatMap((text) => Object.keys(text)))];
  const rows = settings.map((setting) => [setting, ...texts.map((text) => text[setting] ?? '')]);
  return {
    columns: ['setting', ...names],
    rows: rows.filter(([, ...values]) => new Set(values).size > 1),
  };
}

const valueText = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** The settings, the backend and the checksum of the images of a run as text. */
const settingTexts = ({ settings, backend, dataChecksum }: RunDescription): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      ...recordedSettings(settings),
      backend,
      ...(dataChecksum !== undefined && { dataChecksum }),
    }).map(([name, value]) => [name, valueText(value)]),
  );

const percentOrEmpty = (fraction: number | undefined) =>
  fraction === undefined ? '' : formatPercent(fraction);

function resultsTable(runs: readonly TrainingRun[]): ReportTable {
  return {
    columns: [
      'run',
      'model',
      'epochs',
      'best',
      'validation loss',
      'validation',
      'test loss',
      'test',
      'seconds',
    ],
    rows: runs.map(({ name, model, history, bestEpoch, evaluation }) => {
      const { valLoss, valAccuracy } = history[bestEpoch];
      const { length } = history;
      const isDiverged = epochDivergence(history.at(-1)!) !== undefined;
      return [
        name,
        model,
        isDiverged ? `${length} (diverged)` : length,
        epochDivergence(history[bestEpoch]) === undefined ? bestEpoch + 1 : 'none',
        valLoss?.toFixed(4) ?? '',
        percentOrEmpty(valAccuracy),
        evaluation?.loss.toFixed(4) ?? '',
        percentOrEmpty(evaluation?.accuracy),
        totalSeconds(history).toFixed(0),
      ];
    }),
  };
}
