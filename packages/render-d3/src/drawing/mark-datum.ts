/** The image or filter that a mark shows, bound to the mark as D3 binds data. */
export interface MarkDatum {
  /** The index of the image in its set. */
  readonly index?: number;
  readonly filter?: number;
}
