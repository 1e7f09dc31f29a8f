import type { JpegFail } from './jpeg-fail.js';

/** Codes of up to so many bits are looked up at once. */
const LOOKUP_BITS = 9;
const MAX_CODE_BITS = 16;

/** A Huffman table. */
export interface HuffmanTable {
  /** By the next LOOKUP_BITS bits: 256 x the length of the code + its symbol; 0 for longer codes. */
  readonly lookup: Uint16Array;
  /** By the length of a code: the largest code of that length + 1; 0 if there is none. */
  readonly codeEnds: Int32Array;
  /** By the length of a code: what is added to a code for the position of its symbol. */
  readonly offsets: Int32Array;
  readonly symbols: Uint8Array;
}

/** Builds a table from the number of codes of 1 to 16 bits, and the symbols in the order of their codes (T.81, annex C). */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array, fail: JpegFail): HuffmanTable {
  const lookup = new Uint16Array(1 << LOOKUP_BITS);
  const codeEnds = new Int32Array(MAX_CODE_BITS + 1);
  const offsets = new Int32Array(MAX_CODE_BITS + 1);
  let code = 0;
  let position = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length++, code <<= 1) {
    const count = counts[length - 1];
    if (count === 0) continue;
    offsets[length] = position - code;
    if (length <= LOOKUP_BITS)
      for (let i = 0; i < count; i++) {
        const first = (code + i) << (LOOKUP_BITS - length);
        lookup.fill((length << 8) | symbols[position + i], first, first + (1 << (LOOKUP_BITS - length)));
      }
    position += count;
    code += count;
    codeEnds[length] = code;
    if (code > 1 << length) fail('a Huffman table', 'more codes than there are');
  }
  return { lookup, codeEnds, offsets, symbols };
}

/** Reads the bits of a scan, up to the next marker. Behind it, zeros are read: see `hasRunOut`. */
export class JpegBits {
  readonly #bytes: Uint8Array;
  readonly #fail: JpegFail;
  #position: number;
  /** The last bits that were fetched. The lower `#count` are not read yet. */
  #buffer = 0;
  #count = 0;
  /** The zeros among the fetched bits that stand for what is behind the marker. */
  #zeros = 0;

  constructor(bytes: Uint8Array, position: number, fail: JpegFail) {
    this.#bytes = bytes;
    this.#position = position;
    this.#fail = fail;
  }

  /** The position of the next byte to fetch: after a scan, of its end or a byte of its end. */
  get position(): number {
    return this.#position;
  }

  /** Whether more bits were read than there are before the marker. */
  get hasRunOut(): boolean {
    return this.#count < this.#zeros;
  }

  /** Continues at a position, at the first bit of its byte. */
  restart(position: number): void {
    this.#position = position;
    this.#buffer = 0;
    this.#count = 0;
    this.#zeros = 0;
  }

  /** The next symbol that is coded with a table. */
  symbol(table: HuffmanTable): number {
    if (this.#count < MAX_CODE_BITS) this.#fetch();
    const entry = table.lookup[(this.#buffer >> (this.#count - LOOKUP_BITS)) & ((1 << LOOKUP_BITS) - 1)];
    if (entry !== 0) {
      this.#count -= entry >> 8;
      return entry & 0xff;
    }
    for (let length = LOOKUP_BITS + 1; length <= MAX_CODE_BITS; length++) {
      const code = (this.#buffer >> (this.#count - length)) & ((1 << length) - 1);
      if (code >= table.codeEnds[length]) continue;
      this.#count -= length;
      return table.symbols[code + table.offsets[length]];
    }
    return this.#fail('a Huffman code', 'bits that are none');
  }

  /** The next bits as a number; at most 16. */
  read(count: number): number {
    if (this.#count < count) this.#fetch();
    this.#count -= count;
    return (this.#buffer >> this.#count) & ((1 << count) - 1);
  }

  /** The next bits as a coefficient: those that begin with 0 are negative (T.81, F.12). */
  readSigned(count: number): number {
    const value = this.read(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  #fetch(): void {
    const bytes = this.#bytes;
    let position = this.#position;
    let buffer = this.#buffer;
    let count = this.#count;
    for (; count <= 24; count += 8) {
      // undefined at the end of the file.
      const byte = bytes[position] as number | undefined;
      if (byte !== undefined && byte !== 0xff) position++;
      else if (byte === 0xff && bytes[position + 1] === 0) position += 2;
      else {
        this.#zeros += 8;
        buffer <<= 8;
        continue;
      }
      buffer = (buffer << 8) | byte;
    }
    this.#position = position;
    this.#buffer = buffer;
    this.#count = count;
  }
}
