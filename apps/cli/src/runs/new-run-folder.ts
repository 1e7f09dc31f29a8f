import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** The first of runs/shapes-1, runs/shapes-2, ... that does not exist. */
export async function newRunFolder(name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = join('runs', `${name}-${number}`);
    const exists = await access(folder).then(
      () => true,
      () => false,
    );
    if (!exists) return folder;
  }
}
