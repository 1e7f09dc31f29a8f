import type { DecodedImage } from '../decoded-image.js';
import { huffmanTable, type HuffmanTable } from './jpeg-bits.js';
import { jpegColors, WRITE_ROW, type ColorMarkers } from './jpeg-color.js';
import { jpegFail, type JpegFail } from './jpeg-fail.js';
import { readJpegFrame, type JpegFrame } from './jpeg-frame.js';
import { planeOf, transformPlane, type JpegPlane } from './jpeg-planes.js';
import { decodeScan, ZIGZAG, type JpegScan } from './jpeg-scan.js';
import { rowReader } from './jpeg-upsample.js';

/** A progressive JPEG has about ten scans. Each scan takes time for the whole image, however few bytes it has. */
const MAX_SCANS = 100;

/** Markers of segments (T.81, table B.1). */
const MARKER = {
  baseline: 0xc0,
  extended: 0xc1,
  progressive: 0xc2,
  lastFrame: 0xcf,
  huffmanTables: 0xc4,
  jpegExtension: 0xc8,
  arithmeticTables: 0xcc,
  firstRestart: 0xd0,
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  quantizationTables: 0xdb,
  restartInterval: 0xdd,
  app0: 0xe0,
  app14: 0xee,
} as const;

export interface JpegLimits {
  /** The name of the file in messages. */
  readonly name: string;
  readonly maxPixels: number;
}

/** What the segments so far have defined. */
interface JpegState {
  frame?: JpegFrame;
  planes: readonly JpegPlane[];
  readonly quantizations: (Uint16Array | undefined)[];
  /** By the id of a table; of the first coefficients and of the others. */
  readonly firstTables: (HuffmanTable | undefined)[];
  readonly otherTables: (HuffmanTable | undefined)[];
  restartInterval: number;
  hasJfif: boolean;
  adobeTransform?: number;
}

/**
 * Decodes a JPEG, baseline or progressive, with the arithmetic of libjpeg: the pixels are those of Pillow.
 *
 * @throws InputError if it is damaged, too large, of another kind, or has too many scans.
 */
export function decodeJpeg(bytes: Uint8Array, { name, maxPixels }: JpegLimits): DecodedImage {
  const fail = jpegFail(name);
  const state: JpegState = {
    planes: [],
    quantizations: [],
    firstTables: [],
    otherTables: [],
    restartInterval: 0,
    hasJfif: false,
  };
  expectFewScans(bytes, fail);
  let position = 2;
  for (;;) {
    const start = nextMarker(bytes, position);
    if (start === undefined) break;
    const marker = bytes[start + 1];
    if (marker === MARKER.endOfImage) break;
    const end = start + 2 + ((bytes[start + 2] << 8) | bytes[start + 3]);
    if (!(end >= start + 4 && end <= bytes.length)) fail('a segment', 'the end of the file');
    const segment = bytes.subarray(start + 4, end);
    readSegment(marker, segment, { state, maxPixels, fileBytes: bytes.length, fail });
    position =
      marker === MARKER.startOfScan
        ? decodeScan(bytes, end, { ...readScan(segment, state, fail), fail })
        : end;
  }
  return imageOf(state, fail);
}

function expectFewScans(bytes: Uint8Array, fail: JpegFail): void {
  let scans = 0;
  let start = nextMarker(bytes, 2);
  while (start !== undefined && bytes[start + 1] !== MARKER.endOfImage) {
    if (bytes[start + 1] === MARKER.startOfScan && ++scans > MAX_SCANS)
      fail(`at most ${MAX_SCANS} scans`, 'more');
    start = nextMarker(bytes, start + 2 + Math.max(2, (bytes[start + 2] << 8) | bytes[start + 3]));
  }
}

/** The position of the next marker of a segment; undefined if there is none. */
function nextMarker(bytes: Uint8Array, position: number): number | undefined {
  let start = bytes.indexOf(0xff, position);
  while (start >= 0 && start + 1 < bytes.length) {
    const marker = bytes[start + 1];
    // Stuffed data, restarts and fill bytes are none.
    const isSegment = marker >= MARKER.baseline && marker !== 0xff;
    const isRestart = marker >= MARKER.firstRestart && marker <= MARKER.startOfImage;
    if (isSegment && !isRestart) return start;
    start = bytes.indexOf(0xff, start + (marker === 0xff ? 1 : 2));
  }
  return undefined;
}

interface SegmentContext {
  readonly state: JpegState;
  readonly maxPixels: number;
  readonly fileBytes: number;
  readonly fail: JpegFail;
}

function readSegment(marker: number, segment: Uint8Array, context: SegmentContext): void {
  const { state, fail } = context;
  const startsWith = (text: string) => [...text].every((char, i) => segment[i] === char.charCodeAt(0));
  if (marker === MARKER.quantizationTables) readQuantizations(segment, state, fail);
  else if (marker === MARKER.huffmanTables) readHuffmanTables(segment, state, fail);
  else if (marker === MARKER.restartInterval) state.restartInterval = (segment[0] << 8) | segment[1];
  else if (marker === MARKER.app0) state.hasJfif ||= startsWith('JFIF');
  else if (marker === MARKER.app14 && startsWith('Adobe')) state.adobeTransform = segment[11];
  else if (marker <= MARKER.lastFrame && marker !== MARKER.jpegExtension) readFrame(marker, segment, context);
}

function readFrame(
  marker: number,
  segment: Uint8Array,
  { state, maxPixels, fileBytes, fail }: SegmentContext,
): void {
  if (marker > MARKER.progressive)
    fail('a baseline or progressive JPEG', `one of another kind (marker ff ${marker.toString(16)})`);
  if (state.frame) fail('one frame', 'two');
  const isProgressive = marker === MARKER.progressive;
  const frame = readJpegFrame(segment, { isProgressive, maxPixels, fileBytes, fail });
  state.frame = frame;
  state.planes = frame.components.map((component) => planeOf(component, { isProgressive }));
}

/** Tables of 64 factors, of one or two bytes each (T.81, B.2.4.1). */
function readQuantizations(segment: Uint8Array, state: JpegState, fail: JpegFail): void {
  for (let at = 0; at < segment.length;) {
    const isWide = segment[at] >> 4 > 0;
    const id = segment[at++] & 15;
    const size = isWide ? 128 : 64;
    if (at + size > segment.length) fail('64 factors of quantization', 'fewer');
    const factors = new Uint16Array(64);
    for (let k = 0; k < 64; k++, at += isWide ? 2 : 1)
      factors[ZIGZAG[k]] = isWide ? (segment[at] << 8) | segment[at + 1] : segment[at];
    state.quantizations[id] = factors;
  }
}

function readHuffmanTables(segment: Uint8Array, state: JpegState, fail: JpegFail): void {
  for (let at = 0; at < segment.length;) {
    const isOther = segment[at] >> 4 > 0;
    const id = segment[at] & 15;
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (counts.length < 16 || total > 256 || at + 17 + total > segment.length)
      fail('a Huffman table', 'fewer bytes');
    const symbols = segment.subarray(at + 17, at + 17 + total);
    (isOther ? state.otherTables : state.firstTables)[id] = huffmanTable(counts, symbols, fail);
    at += 17 + total;
  }
}

/** Reads the header of a scan (T.81, B.2.3). */
function readScan(
  segment: Uint8Array,
  state: JpegState,
  fail: JpegFail,
): { frame: JpegFrame; scan: JpegScan } {
  const { frame } = state;
  if (!frame) return fail('a frame before its data', 'none');
  const [count] = segment;
  if (count < 1 || count > frame.components.length || segment.length < 4 + 2 * count)
    fail('the header of a scan', 'another number of components');
  const [from, to, bits] = segment.subarray(1 + 2 * count);
  const range = frame.isProgressive
    ? { from, to, highBit: bits >> 4, lowBit: bits & 15 }
    : { from: 0, to: 63, highBit: 0, lowBit: 0 };
  if (range.from > range.to || range.to > 63 || range.lowBit > 13)
    fail('a range of coefficients', `${from} to ${to}`);
  if (frame.isProgressive && (range.from > 0 ? count > 1 : range.to > 0))
    fail('a scan of first coefficients, or of others of one component', 'both');
  const planes = Array.from({ length: count }, (_, i) => {
    const [id, tables] = segment.subarray(1 + 2 * i);
    const plane = state.planes.find(({ component }) => component.id === id);
    if (!plane) return fail('a component of the frame', `the id ${id}`);
    plane.quantization ??= state.quantizations[plane.component.quantizationId]?.slice();
    const firstTable = state.firstTables[tables >> 4];
    const otherTable = state.otherTables[tables & 15];
    const needsFirst = range.from === 0 && range.highBit === 0;
    if (!plane.quantization || (needsFirst && !firstTable) || (range.to > 0 && !otherTable))
      fail('the tables of a scan', 'none');
    return { plane, firstTable, otherTable, prediction: 0 };
  });
  if (new Set(planes.map(({ plane }) => plane)).size < count)
    fail('different components in a scan', 'equal ones');
  return { frame, scan: { planes, ...range, restartInterval: state.restartInterval } };
}

function imageOf({ frame, planes, ...markers }: JpegState & ColorMarkers, fail: JpegFail): DecodedImage {
  if (!frame) return fail('a frame (SOF)', 'none');
  if (planes.some(({ quantization }) => !quantization)) fail('data for each component', 'none for one');
  planes.forEach(transformPlane);
  const { width, height } = frame;
  const readers = planes.map((plane) => rowReader(plane, frame));
  const writeRow = WRITE_ROW[jpegColors(frame, markers)];
  const pixels = new Uint8ClampedArray(height * width * 3);
  const rows = readers.map((rowAt) => rowAt(0));
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < rows.length; i++) rows[i] = readers[i](y);
    writeRow(rows, { pixels, to: y * width * 3, width });
  }
  return { width, height, pixels: new Uint8Array(pixels.buffer) };
}
