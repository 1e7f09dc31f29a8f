import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unnamedTypes } from './support/exports/public-types.js';
import { readWorkspace, ROOT } from './support/workspace.js';

const packages = readWorkspace()
  .filter(({ folder }) => folder.startsWith('packages/'))
  .map(({ folder, manifest }) => {
    const entries = Object.values(manifest.exports ?? {}).map((entry) =>
      join(ROOT, folder, entry['@convlens/source']),
    );
    return [manifest.name, entries] as const;
  });

describe('a package exports the types that its declarations name, so that it can be used alone', () => {
  it.each(packages)('%s', (_, entries) => {
    const unnamed = entries
      .flatMap((entry) => unnamedTypes(entry, entries))
      .map(({ name, from, usedBy }) => `${name} of ${from}, in ${usedBy}`);
    expect(unnamed).toEqual([]);
  });
});
