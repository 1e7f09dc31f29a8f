/** The source of class scores. Other sources are values of the model's graph, which are numbered from 0. */
export const CLASS_SCORES = -1;

/**
 * A term of an objective: a weighted sum of some numbers of a source, or the weighted mean of the squares of
 * all.
 */
export interface ObjectivePart {
  /** The number of a value of the graph, or CLASS_SCORES. */
  readonly source: number;
  /** The shape of the source for one image, without the batch axis. */
  readonly shape: readonly number[];
  readonly weight: number;
  /** The positions of the numbers to sum; undefined for the mean of the squares. */
  readonly indices?: readonly number[];
}

/** An objective that was checked against the model. */
export interface ResolvedObjective {
  /** For captions, such as "cat" or "relu2_2 #12". */
  readonly name: string;
  readonly parts: readonly ObjectivePart[];
}

/** The number of values of an array of this shape. */
export const lengthOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
