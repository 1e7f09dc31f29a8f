/** A file of an image, with its label. */
export interface ImageFile {
  /** Its path in the folder. */
  readonly name: string;
  /** The index of its class. */
  readonly label: number;
}
