import { namesIn, type FileSource } from './file-source.js';
import type { Packaging } from './packaging.js';

/** In which packaging a source has a set: as files, under these names, or as an archive. */
export type Found = { packaging: Packaging; names: string[] } | { packaging: Packaging; archive: string };

/** Every name under which a file of a set may lie. */
const namesOf = (packagings: readonly Packaging[]): string[] =>
  packagings.flatMap(({ folders, files, archive }) => [
    ...folders.flatMap((folder) => files.map(({ name }) => folder + name)),
    ...(archive ? [archive.name] : []),
  ]);

/** The first packaging that a source has whole; files come before archives. */
export async function findPackaging(
  source: FileSource,
  packagings: readonly Packaging[],
): Promise<Found | undefined> {
  const names = await namesIn(source, namesOf(packagings));
  for (const packaging of packagings)
    for (const folder of packaging.folders)
      if (packaging.files.every(({ name }) => names.has(folder + name)))
        return { packaging, names: packaging.files.map(({ name }) => folder + name) };
  for (const packaging of packagings)
    if (packaging.archive && names.has(packaging.archive.name))
      return { packaging, archive: packaging.archive.name };
  return undefined;
}

/** Which files are not there, where they were looked for, and how to get them. */
export async function expectedFiles(
  source: FileSource,
  { set, packagings }: { set: string; packagings: readonly Packaging[] },
): Promise<string> {
  const names = await namesIn(source, namesOf(packagings));
  // Where some of them lie is where the others were meant to be.
  const places = packagings.flatMap((packaging) =>
    packaging.folders.map((folder) => ({
      packaging,
      folder,
      missing: packaging.files.map(({ name }) => name).filter((name) => !names.has(folder + name)),
    })),
  );
  const begun = places.find((place) => place.missing.length < place.packaging.files.length);
  const { packaging, missing } = begun ?? places[0];
  const folders = begun ? [begun.folder] : packaging.folders;
  const where = folders.map((folder) => `${source.location}/${folder}`).join(' or ');
  const { archive } = packaging;
  const [home] = archive?.urls ?? packaging.files[0].published?.urls ?? [];
  const how = archive
    ? `unpack the official ${archive.name} (${home}) there, or put it there as it is`
    : `put the official files there (${home?.replace(/[^/]*$/, '')})`;
  return `Expected ${missing.join(', ')} of ${set} in ${where}, found no such file: ${how}`;
}
