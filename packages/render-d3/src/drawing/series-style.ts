import { classColor } from './class-colors.js';

/** The color of series `i`: four colors of the theme, then class colors. */
export const seriesColor = (i: number): string =>
  ['train', 'validation', 'test', 'event'][i] ?? classColor(i);

/** The dash pattern of series `i`, so that lines also differ without color. */
export const seriesDash = (i: number): string | undefined => [undefined, '6 3', '2 3', '8 3 2 3'][i % 4];
