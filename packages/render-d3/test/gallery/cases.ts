import type { Figure, FigureOptions } from '../../src/index.js';
import type { GalleryImages } from './fixtures.js';

/** The records and options of a figure. `images` are the images of the gallery. */
type Case<R, O> = (images: GalleryImages) => readonly [records: R, options?: O];

/** The cases of one figure, by name. */
export interface FigureCases {
  readonly figure: Figure<never, never>;
  readonly cases: Readonly<Record<string, Case<unknown, FigureOptions>>>;
}

/**
 * `casesOf(figure)(cases)`. The first case, "default", is an ordinary one; the others are difficult to lay
 * out.
 */
export const casesOf =
  <R, O extends FigureOptions>(figure: Figure<R, O>) =>
  (cases: Readonly<Record<string, Case<R, O>>>): FigureCases => ({
    figure: figure as Figure<never, never>,
    cases: cases as FigureCases['cases'],
  });
