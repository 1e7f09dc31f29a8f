import { InputError, isInputError } from '@convlens/core';
import { archivedMembers } from './archived-members.js';
import { namesIn, type FileSource } from './file-source.js';
import { expectedFiles, findPackaging, type Found } from './find-packaging.js';
import type { LoadRequest, Member, Packaging } from './packaging.js';
import { unpackedMembers } from './unpacked-members.js';

/**
 * The files of a data set, one after the other, in whichever of its packagings the source has them: unpacked, as an
 * archive, or after they are fetched. An archive gives them in its own order.
 *
 * @throws InputError if there is none of them (what was looked for where, and how to get it; its code is 'missing', or
 *   'unreachable' where servers were asked), or if a file differs from
 *   what is known of it.
 */
export async function* openMembers(
  source: FileSource,
  { set, packagings, ...request }: { set: string; packagings: readonly Packaging[] } & LoadRequest,
): AsyncGenerator<Member> {
  request.signal?.throwIfAborted();
  const found =
    (await findPackaging(source, packagings)) ?? (await fetched(source, { set, packagings, ...request }));
  yield* 'archive' in found
    ? archivedMembers(source, { ...found, ...request })
    : unpackedMembers(source, { ...found, ...request });
}

async function fetched(
  source: FileSource,
  { set, packagings, ...request }: { set: string; packagings: readonly Packaging[] } & LoadRequest,
): Promise<Found> {
  const failures: string[] = [];
  for (const { archive, files } of source.fetch ? packagings : []) {
    const needed = archive ? [archive] : files.flatMap(({ published }) => published ?? []);
    if (needed.length === 0) continue;
    try {
      const there = await namesIn(source, needed.map(({ name }) => name)); // prettier-ignore
      for (const file of needed) if (!there.has(file.name)) await source.fetch!(file, request);
      const found = await findPackaging(source, packagings);
      if (found) return found;
    } catch (error) {
      if (request.signal?.aborted) throw error;
      if (!isInputError(error, 'unreachable')) throw error;
      failures.push((error as Error).message);
    }
  }
  throw new InputError([await expectedFiles(source, { set, packagings }), ...failures].join('\n'), {
    code: failures.length ? 'unreachable' : 'missing',
  });
}
