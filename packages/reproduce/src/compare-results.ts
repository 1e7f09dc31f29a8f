import {
  expectObject,
  expectList,
  expectFields,
  formatCount,
  formatPercent,
  learningRateCuts,
  type EpochRecord,
} from '@convlens/core';
import type { RunSummary } from '@convlens/pipeline';
import type { ReportTable } from '@convlens/render-d3/report';
import type { Measure, ReportedResult } from './projects/project.js';
import type { TestTimeAccuracies } from './steps/evaluation-steps.js';

/** The records of a run that reported results are compared with. */
export interface ReproducedRun {
  readonly summary: RunSummary;
  readonly history: readonly EpochRecord[];
  /** The tables of the analyses. */
  readonly tables: readonly ReportTable[];
  readonly testTimeAccuracies?: TestTimeAccuracies;
}

/** Compares reported results with a run: a table with a row per result. */
export function compareResults(reportedResults: readonly ReportedResult[], run: ReproducedRun): ReportTable {
  expectList('reportedResults', reportedResults, expectObject);
  expectFields('ReproducedRun', 'run', run, { summary: 'object', history: 'list', tables: 'list' });
  return {
    columns: ['', 'project', 'this run', 'difference'],
    rows: reportedResults.map(({ name, reported, measure }) => {
      const measured = measuredText(measure, run);
      return [
        name,
        reported ?? 'not reported',
        measured ?? 'not reached',
        difference(reported, measured) ?? '',
      ];
    }),
  };
}

const percentText = (fraction: number | undefined) =>
  fraction === undefined ? undefined : formatPercent(fraction);
const lossText = (loss: number | undefined) => loss?.toFixed(4);

/** A number of a run as text; undefined if the run does not have it. */
function measuredText(measure: Measure, run: ReproducedRun): string | undefined {
  const { summary, history, tables, testTimeAccuracies } = run;
  const { test, best, parameters } = summary;
  switch (measure) {
    case 'parameters':
      return formatCount(parameters);
    case 'test accuracy':
      return percentText(test?.accuracy);
    case 'test loss':
      return lossText(test?.loss);
    case 'best epoch':
      return formatCount(best.epoch + 1);
    case 'lowest validation loss':
      return lossText(best.valLoss);
    case 'learning-rate cuts':
      return (
        learningRateCuts(history)
          .map(({ epoch }) => epoch + 1)
          .join(', ') || 'none'
      );
  }
  if ('testTimeAugmentation' in measure)
    return percentText(testTimeAccuracies?.[measure.testTimeAugmentation]);
  return 'layer' in measure ? statisticText(measure, tables) : metricText(measure, history);
}

function statisticText(
  { layer, statistic }: Extract<Measure, { layer: string }>,
  tables: readonly ReportTable[],
): string | undefined {
  const table = tables.find(({ columns }) => columns[0] === 'layer' && columns.includes(statistic));
  const row = table?.rows.find(([name]) => name === layer);
  return row && String(row[table!.columns.indexOf(statistic)]);
}

function metricText(
  { epoch, metric }: Extract<Measure, { metric: string }>,
  history: readonly EpochRecord[],
): string | undefined {
  const record = epoch === 'last' ? history.at(-1) : history[epoch - 1];
  const value = record?.[metric] ?? undefined;
  return metric === 'accuracy' || metric === 'valAccuracy' ? percentText(value) : lossText(value);
}

interface ParsedNumber {
  readonly value: number;
  readonly isPercent: boolean;
  readonly decimals: number;
}

/** A number in a reported or measured text, such as "about 63%", "816,938" or "−0.1". */
function parseNumber(text: string | undefined): ParsedNumber | undefined {
  const match = /^(?:about )?([−-]?[\d,]*\.?\d+)\s?(%?)$/.exec(text ?? '');
  if (!match) return undefined;
  const digits = match[1].replaceAll(',', '').replace('−', '-');
  return {
    value: Number(digits),
    isPercent: match[2] === '%',
    decimals: digits.split('.')[1]?.length ?? 0,
  };
}

/**
 * The difference of two numbers, in the decimals that both have: "+0.31 points". Undefined unless both are
 * numbers.
 */
function difference(reportedText: string | undefined, measuredText: string | undefined): string | undefined {
  const [reported, measured] = [parseNumber(reportedText), parseNumber(measuredText)];
  if (!reported || !measured || reported.isPercent !== measured.isPercent) return undefined;
  const commonDecimals = Math.min(reported.decimals, measured.decimals);
  // Differences of whole percents are shown in tenths.
  const decimals = reported.isPercent ? Math.max(1, commonDecimals) : commonDecimals;
  const delta = measured.value - reported.value;
  const magnitude = Math.abs(delta).toFixed(decimals);
  if (Number(magnitude) === 0) return 'the same';
  const [integer, ...fraction] = magnitude.split('.');
  const text = [formatCount(Number(integer)), ...fraction].join('.');
  return `${delta < 0 ? '−' : '+'}${text}${reported.isPercent ? ' points' : ''}`;
}
