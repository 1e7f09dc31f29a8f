import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';

/** The files of the tarball of a package: a map of names, without the first folder, to bytes. */
export function readTarball(path) {
  const folder = mkdtempSync(join(tmpdir(), 'convlens-tarball-'));
  try {
    execFileSync('tar', ['-xzf', path, '-C', folder]);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    return new Map(
      files.map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [
          file
            .slice(folder.length + 1)
            .split(sep)
            .slice(1)
            .join('/'),
          readFileSync(file),
        ];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
