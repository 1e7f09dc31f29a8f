import { appendFileSync } from 'node:fs';
import { afterAll, expect } from 'vitest';

/*
 * Runs before each test file while `npm run mutants` records which tests reach which functions: a probe at the begin of a
 * function adds its id to the set. One JSON line a file.
 */

globalThis.__convlensReached = new Set();

afterAll(() => {
  const { testPath } = expect.getState();
  const line = JSON.stringify({ file: testPath, reached: [...globalThis.__convlensReached] });
  appendFileSync(process.env.CONVLENS_REACH, `${line}\n`);
});
