/** A decoded image in color. */
export interface DecodedImage {
  /** height x width x 3 bytes: red, green and blue. */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
}
