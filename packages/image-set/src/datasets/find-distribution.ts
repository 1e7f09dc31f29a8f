import { availableNames, type FileSource } from '../sources/file-source.js';
import type { Distribution } from './distribution.js';

/** A distribution that a source has: as files under these names, or as an archive. */
export type FoundDistribution =
  | { readonly distribution: Distribution; readonly names: readonly string[] }
  | { readonly distribution: Distribution; readonly archive: string };

/** All names that the files and archives of a data set may have. */
const candidateNames = (distributions: readonly Distribution[]): string[] =>
  distributions.flatMap(({ folders, files, archive }) => [
    ...folders.flatMap((folder) => files.map(({ name }) => folder + name)),
    ...(archive ? [archive.name] : []),
  ]);

/** The first distribution of which a source has all files; if there is none, the first one whose archive it has. */
export async function findDistribution(
  source: FileSource,
  distributions: readonly Distribution[],
): Promise<FoundDistribution | undefined> {
  const available = await availableNames(source, candidateNames(distributions));
  for (const distribution of distributions)
    for (const folder of distribution.folders) {
      const names = distribution.files.map(({ name }) => folder + name);
      if (names.every((name) => available.has(name))) return { distribution, names };
    }
  for (const distribution of distributions) {
    const archive = distribution.archive?.name;
    if (archive !== undefined && available.has(archive)) return { distribution, archive };
  }
  return undefined;
}

/** A message with the missing files, the folders that were searched, and how to get the files. */
export async function describeMissing(
  source: FileSource,
  { dataset, distributions }: { dataset: string; distributions: readonly Distribution[] },
): Promise<string> {
  const available = await availableNames(source, candidateNames(distributions));
  const candidates = distributions.flatMap((distribution) =>
    distribution.folders.map((folder) => ({
      distribution,
      folder,
      missing: distribution.files.map(({ name }) => name).filter((name) => !available.has(folder + name)),
    })),
  );
  // If a folder has some of the files, the user meant that folder.
  const started = candidates.find(({ missing, distribution }) => missing.length < distribution.files.length);
  const { distribution, missing } = started ?? candidates[0];
  const folders = started ? [started.folder] : distribution.folders;
  const searched = folders.map((folder) => `${source.location}/${folder}`).join(' or ');
  return `Expected ${missing.join(', ')} of ${dataset} in ${searched}, found no such file: ${howToGet(distribution)}`;
}

function howToGet({ archive, files }: Distribution): string {
  const [url] = archive?.urls ?? files[0].published?.urls ?? [];
  return archive
    ? `unpack the official ${archive.name} (${url}) there, or put it there as it is`
    : `put the official files there (${url?.replace(/[^/]*$/, '')})`;
}
