import { InputError } from '@convlens/core';
import { ByteReader, grouped } from './byte-reader.js';
import { createMd5, hashed, openFile, stoppable, type FileSource } from './file-source.js';
import { inflate } from './inflate.js';
import { MAX_BYTES, type LoadRequest, type Member, type Packaging } from './packaging.js';

/** The files of a packaging that lie unpacked in a source, in the packaging's order. */
export async function* unpackedMembers(
  source: FileSource,
  { packaging, names, ...request }: { packaging: Packaging; names: string[] } & LoadRequest,
): AsyncGenerator<Member> {
  const { signal, onFile, verify = false, official = true } = request;
  const buffer = oneBuffer(packaging.pieceBytes ?? PIECE_BYTES);
  for (const [index, name] of names.entries()) {
    signal?.throwIfAborted();
    const file = packaging.files[index];
    const opened = await openFile(source, name, buffer);
    const where = `${source.location}/${name}`;
    const length = file.bytes ?? file.published?.bytes;
    if (!opened || (official && length !== undefined && opened.bytes !== length))
      throw new InputError(
        `${where}: expected ${grouped(length ?? 0)} bytes, got ` +
          `${opened ? grouped(opened.bytes) : 'no such file'}: remove it and get it again`,
      );
    const isPacked = name.endsWith('.gz');
    const md5 = file.md5 ?? file.published?.md5;
    const hasher = md5 !== undefined && (verify || (official && isPacked)) ? createMd5(source) : undefined;
    const raw = new ByteReader(hasher ? hashed(opened.chunks, hasher) : opened.chunks, where);
    const chunks = isPacked
      ? inflate(raw.rest(), { format: 'gzip', where, maxBytes: MAX_BYTES })
      : raw.rest();
    const reader = new ByteReader(stoppable(chunks, signal), where);
    try {
      yield { index, packaging, reader, ...(!isPacked && { bytes: opened.bytes }) };
      if (hasher) await reader.drain();
    } finally {
      await reader.close();
      await raw.close();
    }
    const digest = hasher?.digest();
    if (official && isPacked && digest !== undefined && digest !== md5)
      throw new InputError(`${where}: expected the MD5 ${md5}, got ${digest}: remove it and get it again`);
    onFile?.({ name, bytes: opened.bytes, ...(digest !== undefined && { verified: digest === md5 }) });
  }
}

const PIECE_BYTES = 1 << 20;

/** One buffer for all files, with room for one piece while the next one is read: a set takes little more than its pixels. */
function oneBuffer(pieceBytes: number) {
  let buffer = new Uint8Array(0);
  return (fileBytes: number) => {
    const wanted = fileBytes <= pieceBytes ? fileBytes : 2 * pieceBytes;
    if (buffer.length < wanted) buffer = new Uint8Array(wanted);
    return buffer.subarray(0, wanted);
  };
}
