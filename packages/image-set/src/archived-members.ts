import { InputError } from '@convlens/core';
import { ByteReader, grouped } from './byte-reader.js';
import { createMd5, hashed, openFile, stoppable, type FileSource } from './file-source.js';
import { inflate } from './inflate.js';
import { MAX_BYTES, type LoadRequest, type Member, type Packaging } from './packaging.js';
import { tarMembers } from './tar.js';

/** The files of a packaging out of its archive in a source, in the archive's order. */
export async function* archivedMembers(
  source: FileSource,
  { packaging, archive, ...request }: { packaging: Packaging; archive: string } & LoadRequest,
): AsyncGenerator<Member> {
  const { signal, onFile, official = true } = request;
  const { md5, bytes: length } = packaging.archive!;
  const where = `${source.location}/${archive}`;
  const opened = (await openFile(source, archive))!;
  if (official && opened.bytes !== length)
    throw new InputError(
      `${where}: expected ${grouped(length)} bytes, got ${grouped(opened.bytes)}: remove it and get it again`,
    );
  const hasher = createMd5(source);
  const raw = new ByteReader(hashed(stoppable(opened.chunks, signal), hasher), where);
  const open = new Set(packaging.files.keys());
  try {
    const tar = inflate(raw.rest(), { format: 'gzip', where, maxBytes: MAX_BYTES });
    for await (const member of tarMembers(tar, { where })) {
      const folder = packaging.folders.find((folder) => member.name.startsWith(folder) && folder !== '');
      const index = packaging.files.findIndex(({ name }) => (folder ?? '') + name === member.name);
      if (!open.delete(index)) continue;
      const reader = new ByteReader(member.chunks, `${where}/${member.name}`);
      yield { index, packaging, bytes: member.bytes, reader };
      await reader.drain();
    }
    // Nothing is used before all of it is known to be right.
    await raw.drain();
  } finally {
    await raw.close();
  }
  const digest = hasher.digest();
  if (official && digest !== md5)
    throw new InputError(`${where}: expected the MD5 ${md5}, got ${digest}: remove it and get it again`);
  if (open.size > 0) {
    const names = [...open].map((index) => packaging.files[index].name);
    throw new InputError(`${where}: expected ${names.join(', ')} in it, found no such file`);
  }
  onFile?.({ name: archive, bytes: opened.bytes, verified: digest === md5 });
}
