import type { EpochRecord } from '@convlens/core';
import type { ReportTable } from '@convlens/render-d3/report';
import type { RunSummary } from '../run-folder.js';
import type { TestTimeViews } from '../test-time-views.js';
import type { Claim, Measure } from './source.js';

/** What a run has to say. */
export interface Outcome {
  readonly summary: RunSummary;
  readonly history: readonly EpochRecord[];
  /** The tables of the looks inside. */
  readonly tables: readonly ReportTable[];
  /** The test accuracies of means over views, as far as claims are about them. */
  readonly averages?: Partial<Record<TestTimeViews, number>>;
}

const percent = (share: number | undefined) =>
  share === undefined ? undefined : `${(100 * share).toFixed(2)}%`;
const lossText = (loss: number | undefined) => loss?.toFixed(4);
const countText = (count: number) => count.toLocaleString('en-US');

/** The epochs, from 1, after which the rate fell. */
const rateCuts = (history: readonly EpochRecord[]) =>
  history
    .filter(({ epoch, learningRate }) => epoch > 0 && learningRate < history[epoch - 1].learningRate)
    .map(({ epoch }) => epoch);

/** What a run got, as a text; undefined where it did not come so far. */
function measured(measure: Measure, { summary, history, tables, averages }: Outcome): string | undefined {
  const { test, best, parameters } = summary;
  switch (measure) {
    case 'parameters':
      return countText(parameters);
    case 'test accuracy':
      return percent(test?.accuracy);
    case 'test loss':
      return lossText(test?.loss);
    case 'best epoch':
      return countText(best.epoch + 1);
    case 'lowest validation loss':
      return lossText(best.valLoss);
    case 'rate cuts':
      return rateCuts(history).join(', ') || 'none';
  }
  if ('average' in measure) return percent(averages?.[measure.average]);
  if ('layer' in measure) {
    const { layer, of } = measure;
    const table = tables.find(({ columns }) => columns[0] === 'layer' && columns.includes(of));
    const row = table?.rows.find(([name]) => name === layer);
    return row && String(row[table!.columns.indexOf(of)]);
  }
  const { epoch, of } = measure;
  const record = epoch === 'last' ? history.at(-1) : history[epoch - 1];
  const value = record?.[of] ?? undefined;
  return /accuracy/i.test(of) ? percent(value) : lossText(value);
}

/** A number as a claim or a measurement writes it. */
function numberOf(text: string | undefined): { value: number; isShare: boolean } | undefined {
  const found = /^(?:about )?([−-]?[\d,]*\.?\d+)\s?(%?)$/.exec(text ?? '');
  if (!found) return undefined;
  return { value: Number(found[1].replaceAll(',', '').replace('−', '-')), isShare: found[2] === '%' };
}

const digitsOf = (text: string) => text.split('.')[1]?.match(/^\d+/)?.[0].length ?? 0;

/** By how much a run differs from a claim, in digits that both have: "+0.31 points". */
function difference(reported: string | undefined, got: string | undefined): string {
  const [one, other] = [numberOf(reported), numberOf(got)];
  if (!one || !other || one.isShare !== other.isShare) return '';
  const digits = Math.min(digitsOf(reported!), digitsOf(got!));
  const apart = other.value - one.value;
  // Of whole percents a tenth tells more than nothing.
  const size = Math.abs(apart).toFixed(one.isShare ? Math.max(1, digits) : digits);
  if (Number(size) === 0) return 'the same';
  const [whole, ...rest] = size.split('.');
  const text = [Number(whole).toLocaleString('en-US'), ...rest].join('.');
  return `${apart < 0 ? '−' : '+'}${text}${one.isShare ? ' points' : ''}`;
}

/** A row a claim: what the source reports, what this run got, and by how much that differs. */
export function compareClaims(claims: readonly Claim[], outcome: Outcome): ReportTable {
  return {
    columns: ['', 'the source', 'this run', 'difference'],
    rows: claims.map(({ what, reported, measure }) => {
      const got = measured(measure, outcome);
      return [what, reported ?? 'not reported', got ?? 'not reached', difference(reported, got)];
    }),
  };
}
