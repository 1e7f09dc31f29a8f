import { formatCount, formatDuration, formatPercent, type EpochRecord } from '@convlens/core';
import type { ReportTable } from '@convlens/render-d3/report';
import type { ReproductionResults } from './reproduction-results.js';

/** A table in Markdown. */
export const markdownTable = ({ columns, rows }: ReportTable): string =>
  [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/**
 * The results page of a model, in Markdown; `figuresFolder` is the path of its figures, "" or with a slash at
 * the end.
 */
export function resultsPage(
  results: ReproductionResults,
  { figuresFolder }: { figuresFolder: string },
): string {
  const { recipe, title, comparison, caveat, differences, history, note, figures } = results;
  return [
    `# ${recipe}: ${title}`,
    ...(caveat === undefined ? [] : [`**${caveat}**`]),
    markdownTable(comparison),
    'The weights are those of the epoch with the lowest validation loss; the test images were not used ' +
      'for selection.',
    ...(note === undefined ? [] : [note]),
    '## Run',
    runTable(results),
    '## Differences from the project',
    differences.map((text) => `- ${text}`).join('\n'),
    '## History',
    historyTable(history),
    '## Figures',
    ...Object.entries(figures).map(
      ([name, caption]) => `${caption}\n\n![${name}](${figuresFolder}${encodeURIComponent(name)}.png)`,
    ),
    '',
  ].join('\n\n');
}

function runTable({ command, settings, images, backend, versions, hours }: ReproductionResults): string {
  const [train, validation, test] = [images.train, images.validation, images.test].map((count) =>
    formatCount(count),
  );
  const versionTexts = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return markdownTable({
    columns: ['', ''],
    rows: [
      ['command', `\`${command}\``],
      ['architecture', `\`${settings.model}\``],
      [
        'images',
        `${settings.data}: ${train} for training, ${validation} for validation, ${test} for testing`,
      ],
      ['seed', settings.seed],
      ['backend', backend],
      ['versions', versionTexts.join(', ')],
      ['training time', formatDuration(3600 * hours)],
    ],
  });
}

const historyTable = (history: readonly EpochRecord[]): string =>
  markdownTable({
    columns: ['epoch', 'learning rate', 'loss', 'accuracy', 'validation loss', 'validation accuracy'],
    rows: history.map(({ epoch, learningRate, loss, accuracy, valLoss, valAccuracy }) => [
      epoch + 1,
      Number(learningRate.toPrecision(4)),
      loss.toFixed(4),
      formatPercent(accuracy),
      valLoss?.toFixed(4) ?? '',
      valAccuracy === undefined ? '' : formatPercent(valAccuracy),
    ]),
  });
