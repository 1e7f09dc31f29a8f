import { expect, it } from 'vitest';
import { survives } from './mutate-bytes.js';

/** A sound file, and what its damaged copies must do. */
export interface DamagedFile {
  readonly file: Uint8Array | (() => Promise<Uint8Array>);
  readonly parse: (bytes: Uint8Array) => unknown;
  /** The number of damaged copies in the long tests. Default: 10,000. */
  readonly count?: number;
  /** The part of them that is refused, at least. Default: 0.1. */
  readonly refused?: number;
  /** The most memory that one may take, in MiB. Default: 64. */
  readonly megabytes?: number;
}

/** Tests that damaged copies of each file are read, or refused with a reason: all of them, or a part. */
export function testDamagedFiles(
  files: Readonly<Record<string, DamagedFile>>,
  { part = 1 }: { part?: number } = {},
): void {
  it.each(
    Object.entries(files).map(
      ([name, damaged]) => [(damaged.count ?? 10_000) * part, name, damaged] as const,
    ),
  )(
    'reads %i damaged copies of %s or refuses them with a reason',
    { timeout: 120_000 },
    async (count, _, { file, parse, refused = 0.1, megabytes }) => {
      const original = file instanceof Uint8Array ? file : await file();
      const survey = await survives(original, { parse, count, megabytes });
      expect(survey.refused).toBeGreaterThan(refused * count);
    },
  );
}
