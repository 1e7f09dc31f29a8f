const PLANE = 32 * 32;

/** A record: a label, then 32 x 32 red, green and blue values, each row by row. */
export const RECORD_BYTES = 1 + 3 * PLANE;

/**
 * Decodes as many records as `labels` has room for, their colour planes into `pixels` as records x 32 x 32 x 3. Returns
 * the first label that is not below `classes` (record and byte from 0), if there is one.
 */
export function decodeRecords(
  bytes: Uint8Array,
  { classes, labels, pixels }: { classes: number; labels: Int32Array; pixels: Uint8Array },
): { record: number; byte: number; label: number } | undefined {
  for (let record = 0, at = 0, out = 0; record < labels.length; record++, at += RECORD_BYTES) {
    const label = bytes[at];
    if (label >= classes) return { record, byte: at, label };
    labels[record] = label;
    const red = at + 1;
    const green = red + PLANE;
    const blue = green + PLANE;
    for (let p = 0; p < PLANE; p++, out += 3) {
      pixels[out] = bytes[red + p];
      pixels[out + 1] = bytes[green + p];
      pixels[out + 2] = bytes[blue + p];
    }
  }
  return undefined;
}
