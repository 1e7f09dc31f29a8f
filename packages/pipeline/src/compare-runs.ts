import { InputError, type TrainingRun } from '@convlens/core';
import type { BlobReader } from '@convlens/storage';
import { runComparison } from '@convlens/render-d3';
import type { ReportTable } from '@convlens/render-d3/report';
import type { FigurePlan } from './report/section.js';
import { readRun, type RunDescription } from './run-folder.js';
import { bestOf } from './train.js';

/** Several runs side by side. */
export interface RunsCompared {
  /** In the order asked for, each by the shortest end of its path that is its alone. */
  readonly runs: readonly TrainingRun[];
  /** A row a setting in which they differ, a column a run. */
  readonly settings: ReportTable;
  /** A row a run: epochs, the best validation, the test if it was evaluated, seconds. */
  readonly results: ReportTable;
  /** Loss and accuracy by epoch. */
  readonly figure: FigurePlan;
}

/** The ends of paths, as many of their parts as tell all of them apart. */
function shortNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(/[\\/]/).filter(Boolean));
  for (let count = 1; ; count++) {
    const names = parts.map((all) => all.slice(-count).join('/'));
    if (new Set(names).size === names.length || parts.every((all) => all.length <= count)) return names;
  }
}

/** What a run was told to do, and what computed it, as texts. */
const settingsOf = ({ settings, backend }: RunDescription): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...settings, backend }).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );

const percent = (share: number | undefined) => (share === undefined ? '' : `${(100 * share).toFixed(2)}%`);

/**
 * Reads some run folders and puts them side by side. Throws an InputError for fewer than two, for a folder that is no
 * run, and for a run without a finished epoch.
 */
export async function compareRuns(stores: readonly BlobReader[]): Promise<RunsCompared> {
  if (stores.length < 2)
    throw new InputError(`Expected at least two runs to compare, got ${stores.length || 'none'}`);
  const names = shortNames(stores.map(({ location }) => location));
  const found = await Promise.all(stores.map((store) => readRun(store)));
  const runs = found.map(({ description, history, summary }, i): TrainingRun => {
    if (!history.length) throw new InputError(`Expected ${stores[i].location} to hold a finished epoch`);
    const test = summary?.test && {
      ...summary.test,
      confusion: {
        classNames: summary.classNames,
        counts: Uint32Array.from(summary.test.confusion.flat()),
      },
    };
    const model = description.settings.model;
    return { name: names[i], model, history, bestEpoch: bestOf(history).epoch, evaluation: test };
  });
  const settings = found.map(({ description }) => settingsOf(description));
  const keys = [...new Set(settings.flatMap((one) => Object.keys(one)))];
  return {
    runs,
    settings: {
      columns: ['setting', ...names],
      rows: keys
        .map((key) => [key, ...settings.map((one) => one[key] ?? '')])
        .filter(([, ...values]) => new Set(values).size > 1),
    },
    results: {
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
        const best = history[bestEpoch];
        return [
          name,
          model,
          history.length,
          bestEpoch + 1,
          best.valLoss?.toFixed(4) ?? '',
          percent(best.valAccuracy),
          evaluation?.loss.toFixed(4) ?? '',
          percent(evaluation?.accuracy),
          history.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0),
        ];
      }),
    },
    figure: {
      name: 'runs_compared',
      caption: 'Loss and accuracy of the runs by epoch.',
      draw: (options) => runComparison(runs, options),
    },
  };
}
