import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** The first of runs/shapes-1, runs/shapes-2 ... that is not there yet. */
export async function freeFolder(name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = join('runs', `${name}-${number}`);
    const taken = await access(folder).then(
      () => true,
      () => false,
    );
    if (!taken) return folder;
  }
}
