import { expectInteger } from '@convlens/core';
import { rgb } from 'd3-color';

/**
 * M. A. Petroff, "Accessible Color Sequences for Data Visualization" (2021): ten colors for color-blind
 * readers too.
 */
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

/** The color of a class, "#rrggbb": ten distinct colors, then darker rounds of the same ten. */
export function classColor(classIndex: number): string {
  expectInteger('classIndex', classIndex);
  const round = Math.floor(classIndex / PETROFF.length);
  return rgb(PETROFF[classIndex % PETROFF.length])
    .darker(round * 0.6)
    .formatHex();
}
