/** A label that each image of a set has. */
export interface LabelKind {
  /** For messages. */
  readonly name: string;
  readonly classes: number;
  /** Under which key the Python batches hold it. */
  readonly key: string;
}

/** Where decoded images go. */
export interface Decoded {
  /** One array a kind of label. */
  readonly labels: readonly Int32Array[];
  /** Images x 32 x 32 x 3. */
  readonly pixels: Uint8Array;
}
