import { InputError } from '@convlens/core';
import { inflateChunks } from '@convlens/formats';
import type { PngHeader } from './png-chunks.js';

/** Deflate packs at best 1,032 bytes into one. */
const MAX_RATIO = 1032;

/** The pixels of an image that are stored together: every `stepX`-th of every `stepY`-th row. */
interface Pass {
  readonly left: number;
  readonly top: number;
  readonly stepX: number;
  readonly stepY: number;
}

const WHOLE_IMAGE: readonly Pass[] = [{ left: 0, top: 0, stepX: 1, stepY: 1 }];

/** The seven passes of an interlaced PNG (8.2). */
const ADAM7: readonly Pass[] = [
  { left: 0, top: 0, stepX: 8, stepY: 8 },
  { left: 4, top: 0, stepX: 8, stepY: 8 },
  { left: 0, top: 4, stepX: 4, stepY: 8 },
  { left: 2, top: 0, stepX: 4, stepY: 4 },
  { left: 0, top: 2, stepX: 2, stepY: 4 },
  { left: 1, top: 0, stepX: 2, stepY: 2 },
  { left: 0, top: 1, stepX: 1, stepY: 2 },
];

/** A pass with its size in pixels and the bytes of a row, without the byte of its filter. */
interface SizedPass extends Pass {
  readonly columns: number;
  readonly rows: number;
  readonly rowBytes: number;
}

/**
 * Unpacks the samples of a PNG: height x width x channels values of 0 to 2^depth - 1.
 *
 * @throws InputError if there are fewer bytes than the size of the image needs, or far more, or an unknown filter.
 */
export function readPngSamples(
  packed: readonly Uint8Array[],
  { header, name }: { header: PngHeader; name: string },
): Uint8Array | Uint16Array {
  const passes = passesOf(header);
  const bytes = unpack(packed, { passes, header, name });
  const count = header.width * header.height * header.channels;
  const samples = header.depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  const pixelBytes = Math.max(1, (header.depth * header.channels) >> 3);
  let start = 0;
  for (const pass of passes) {
    let above: Uint8Array = new Uint8Array(pass.rowBytes);
    for (let row = 0; row < pass.rows; row++, start += 1 + pass.rowBytes) {
      const line = bytes.subarray(start + 1, start + 1 + pass.rowBytes);
      reverseFilter(line, { filter: bytes[start], above, pixelBytes, name });
      copyRow(line, samples, { pass, row, header });
      above = line;
    }
  }
  return samples;
}

/** The passes that hold pixels: of small interlaced images some are empty. */
function passesOf({ width, height, depth, channels, isInterlaced }: PngHeader): SizedPass[] {
  return (isInterlaced ? ADAM7 : WHOLE_IMAGE)
    .map((pass) => {
      const columns = Math.ceil((width - pass.left) / pass.stepX);
      const rows = Math.ceil((height - pass.top) / pass.stepY);
      return { ...pass, columns, rows, rowBytes: Math.ceil((columns * depth * channels) / 8) };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** The rows of all passes, each behind the byte of its filter. */
function unpack(
  packed: readonly Uint8Array[],
  { passes, header, name }: { passes: readonly SizedPass[]; header: PngHeader; name: string },
): Uint8Array {
  const total = passes.reduce((sum, { rows, rowBytes }) => sum + rows * (1 + rowBytes), 0);
  const fail = (found: string): never => {
    throw new InputError(
      `${name}: expected ${total} bytes of data for ${header.width} x ${header.height} pixels, found ${found}`,
    );
  };
  const packedBytes = packed.reduce((sum, { length }) => sum + length, 0);
  if (total > packedBytes * MAX_RATIO) fail(`${packedBytes} packed ones, which cannot hold them`);
  const bytes = new Uint8Array(total);
  // Some encoders add a little.
  const maxBytes = 2 * total + 4096;
  let length = 0;
  for (const chunk of inflateChunks(packed, { name, maxBytes: Infinity })) {
    if (length < total) bytes.set(chunk.subarray(0, total - length), length);
    length += chunk.length;
    if (length > maxBytes) fail(`more than ${maxBytes}`);
  }
  return length < total ? fail(`${length}`) : bytes;
}

interface FilterOptions {
  readonly filter: number;
  /** The row above, without its filter; zeros for the first row. */
  readonly above: Uint8Array;
  /** The distance to the same byte of the pixel to the left. */
  readonly pixelBytes: number;
  readonly name: string;
}

/** Reverses the filter of a row in place (9.2). */
function reverseFilter(line: Uint8Array, { filter, above, pixelBytes, name }: FilterOptions): void {
  const { length } = line;
  if (filter === 0) return;
  if (filter === 1) for (let i = pixelBytes; i < length; i++) line[i] += line[i - pixelBytes];
  else if (filter === 2) for (let i = 0; i < length; i++) line[i] += above[i];
  else if (filter === 3) {
    for (let i = 0; i < pixelBytes; i++) line[i] += above[i] >> 1;
    for (let i = pixelBytes; i < length; i++) line[i] += (line[i - pixelBytes] + above[i]) >> 1;
  } else if (filter === 4) {
    for (let i = 0; i < pixelBytes; i++) line[i] += above[i];
    for (let i = pixelBytes; i < length; i++)
      line[i] += paeth(line[i - pixelBytes], above[i], above[i - pixelBytes]);
  } else throw new InputError(`${name}: expected a filter of 0 to 4, found ${filter}`);
}

/** Of left, above and above left, the value that is nearest to left + above - above left (9.4). */
function paeth(left: number, above: number, aboveLeft: number): number {
  const toLeft = Math.abs(above - aboveLeft);
  const toAbove = Math.abs(left - aboveLeft);
  const toAboveLeft = Math.abs(left + above - 2 * aboveLeft);
  if (toLeft <= toAbove && toLeft <= toAboveLeft) return left;
  return toAbove <= toAboveLeft ? above : aboveLeft;
}

/** Copies the samples of a row to the places of its pixels. */
function copyRow(
  line: Uint8Array,
  samples: Uint8Array | Uint16Array,
  { pass, row, header }: { pass: SizedPass; row: number; header: PngHeader },
): void {
  const { width, depth, channels } = header;
  const first = ((pass.top + row * pass.stepY) * width + pass.left) * channels;
  if (depth === 8 && pass.stepX === 1) {
    samples.set(line, first);
    return;
  }
  const read = sampleReader(line, depth);
  const step = pass.stepX * channels;
  for (let column = 0, from = 0, to = first; column < pass.columns; column++, to += step)
    for (let c = 0; c < channels; c++) samples[to + c] = read(from++);
}

/** A function that returns the i-th sample of a row. */
function sampleReader(line: Uint8Array, depth: number): (i: number) => number {
  if (depth === 8) return (i) => line[i];
  if (depth === 16) return (i) => (line[2 * i] << 8) | line[2 * i + 1];
  const mask = (1 << depth) - 1;
  return (i) => (line[(i * depth) >> 3] >> (8 - depth - ((i * depth) & 7))) & mask;
}
