import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/*
 * Runs before each test file of the command line, which remembers folders of images in the user's cache folder: tests have a cache
 * folder of their own, as do the programs that they start.
 */

if (!process.env.CONVLENS_TEST_CACHE) {
  const cache = mkdtempSync(join(tmpdir(), 'convlens-cache-'));
  process.env.CONVLENS_TEST_CACHE = cache;
  process.on('exit', () => rmSync(cache, { recursive: true, force: true }));
}
process.env.XDG_CACHE_HOME = process.env.CONVLENS_TEST_CACHE;
process.env.LOCALAPPDATA = process.env.CONVLENS_TEST_CACHE;
