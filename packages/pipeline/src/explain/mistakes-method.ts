import { mistakes } from '@convlens/activations';
import { formatCount } from '@convlens/core';
import { mistakeGrid } from '@convlens/render-d3';
import type { FigureSpec } from '../figures/figure-spec.js';
import type { ExplainMethod } from './explain-method.js';
import { readOptionsOf } from './explain-request.js';

const MISTAKE_COUNT = 16;

export const mistakesMethod: ExplainMethod = {
  id: 'mistakes',
  title: 'misclassified images with the highest confidence',
  options: [],
  async run(request) {
    const { opened, images } = request;
    const { classNames } = images;
    const record = await mistakes(opened.model, images, {
      count: MISTAKE_COUNT,
      ...readOptionsOf(request),
    });
    const figure: FigureSpec = {
      name: 'mistakes',
      caption:
        `The most confident of ${formatCount(record.wrong, 'mistake')} on ` +
        `${formatCount(record.count, 'image')}.`,
      render: (figureOptions) => mistakeGrid({ mistakes: record, images }, figureOptions),
    };
    return {
      figures: record.entries.length ? [figure] : [],
      table: {
        columns: ['image', 'label', 'prediction', 'probability'],
        rows: record.entries.map(({ index, label, predicted, confidence }) => [
          index,
          classNames[label],
          classNames[predicted],
          confidence.toFixed(3),
        ]),
      },
    };
  },
};
