/** The header of a page of a Parquet file, as far as it is checked. */
export interface PageHeader {
  /** 0 data, 1 index, 2 dictionary, 3 data of version 2. */
  readonly type: number;
  readonly unpackedBytes: number;
  readonly packedBytes: number;
  /** The CRC-32 of the packed bytes, where the writer gives one. */
  readonly crc?: number;
  readonly values: number;
  /** The position behind the header. */
  readonly end: number;
}

const TYPE = 1;
const UNPACKED_BYTES = 2;
const PACKED_BYTES = 3;
const CRC = 4;
/** The fields with the headers of a data page, a dictionary and a data page of version 2: each begins with the number of values. */
const HEADERS = [5, 7, 8];
const VALUES = 1;

/** Structures in structures: headers have three levels. */
const MAX_DEPTH = 8;

/** Reads the Thrift compact protocol, whose field numbers parquet.thrift says. */
class ThriftReader {
  constructor(
    private readonly bytes: Uint8Array,
    public position: number,
  ) {}

  byte(): number {
    if (this.position >= this.bytes.length) throw new RangeError('a page header is cut off');
    return this.bytes[this.position++];
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new RangeError('a page header has a number of more than 56 bits');
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Calls `visit` with the number and the type of each field, which reads it or returns false. */
  struct(visit: (field: number, type: number) => boolean, depth = 0): void {
    if (depth > MAX_DEPTH) throw new RangeError('a page header has too many levels');
    for (let field = 0; ;) {
      const head = this.byte();
      const type = head & 15;
      if (type === 0) return;
      field = head >> 4 === 0 ? this.zigzag() : field + (head >> 4);
      if (!visit(field, type)) this.skip(type, depth);
    }
  }

  private skip(type: number, depth: number): void {
    if (type === 1 || type === 2) return;
    if (type === 3) this.position += 1;
    else if (type <= 6) this.varint();
    else if (type === 7) this.position += 8;
    else if (type === 8) {
      const length = this.varint();
      this.position += length;
    } else if (type === 12) this.struct(() => false, depth + 1);
    else throw new RangeError(`a page header has a field of the type ${type}`);
  }
}

/**
 * Reads the header of a page.
 *
 * @throws RangeError if it is cut off or is none
 */
export function readPageHeader(bytes: Uint8Array, position: number): PageHeader {
  const reader = new ThriftReader(bytes, position);
  const numbers = new Map<number, number>();
  let values = 0;
  reader.struct((field, type) => {
    if (type === 5 && field <= CRC) {
      numbers.set(field, reader.zigzag());
      return true;
    }
    if (type !== 12 || !HEADERS.includes(field)) return false;
    reader.struct((inner, innerType) => {
      if (inner !== VALUES || innerType !== 5) return false;
      values = reader.zigzag();
      return true;
    }, 1);
    return true;
  });
  const crc = numbers.get(CRC);
  return {
    type: numbers.get(TYPE) ?? -1,
    unpackedBytes: numbers.get(UNPACKED_BYTES) ?? -1,
    packedBytes: numbers.get(PACKED_BYTES) ?? -1,
    ...(crc !== undefined && { crc: crc >>> 0 }),
    values,
    end: reader.position,
  };
}
