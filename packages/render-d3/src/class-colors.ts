import { rgb } from 'd3-color';

/** M. A. Petroff, "Accessible Color Sequences for Data Visualization" (2021): ten that the colour-blind tell apart. */
const PETROFF = [
  '#3f90da',
  '#ffa90e',
  '#bd1f01',
  '#94a4a2',
  '#832db6',
  '#a96b59',
  '#e76300',
  '#b9ac70',
  '#717581',
  '#92dadd',
];

/** The colour of a class: ten that differ to any eye, then darker and darker rounds of them. */
export function classColor(classIndex: number): string {
  const round = Math.floor(classIndex / PETROFF.length);
  return rgb(PETROFF[classIndex % PETROFF.length])
    .darker(round * 0.6)
    .formatHex();
}

/** The colour of one of several lines or series: those of the theme, then those of classes. */
export const seriesColor = (i: number): string =>
  ['train', 'validation', 'test', 'event'][i] ?? classColor(i);
