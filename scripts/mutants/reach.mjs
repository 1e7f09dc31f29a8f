import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { withReplacements } from './changed-files.mjs';
import { ROOT } from './root.mjs';
import { runTests } from './run-tests.mjs';

/** Of the function around a mutant. Undefined outside functions. */
const idOf = ({ path, body }) => body && `${path}:${body.start}`;

/** What a function with a probe begins with. */
const probeOf = (id) => `globalThis.__convlensReached?.add(${JSON.stringify(id)})`;

/** The probes of one function: a statement, or a part of the expression that an arrow function gives. */
const replacementsOf = ({ start, end, isBlock }, id) =>
  isBlock
    ? [{ start: start + 1, end: start + 1, text: `${probeOf(id)};` }]
    : [
        { start, end: start, text: `(${probeOf(id)}, ` },
        { start: end, end, text: ')' },
      ];

/** From each path to the probes of the functions around its mutants. */
function probesOf(mutants) {
  const functions = new Map(mutants.filter(({ body }) => body).map((mutant) => [idOf(mutant), mutant]));
  const probes = new Map();
  for (const [id, { path, body }] of functions)
    probes.set(path, [...(probes.get(path) ?? []), ...replacementsOf(body, id)]);
  return probes;
}

/** The test files of a list that fail a second time, alone: on a busy machine some run out of time. */
async function failingAgain(files, { timeout }) {
  if (files.length === 0) return [];
  const again = await runTests(['run', ...files], { timeout });
  return again.files.filter(({ passed }) => !passed).map(({ file }) => file);
}

/**
 * Runs all tests once. Resolves to `reach`, the test files that reach the function around each mutant, the fastest first,
 * by the id of the function, and to `failing`, the test files that fail without a mutant.
 */
async function recordReach(mutants, { timeout }) {
  const folder = mkdtempSync(join(tmpdir(), 'convlens-reach-'));
  const record = join(folder, 'reach.jsonl');
  try {
    const { files } = await withReplacements(probesOf(mutants), () =>
      runTests(['run', '--project', '!root'], { timeout, env: { CONVLENS_REACH: record } }),
    );
    const seconds = new Map(files.map((file) => [file.file, file.seconds]));
    const failing = await failingAgain(
      files.filter(({ passed }) => !passed).map(({ file }) => file),
      { timeout },
    );
    const reach = {};
    for (const line of readFileSync(record, 'utf8').trim().split('\n')) {
      const { file, reached } = JSON.parse(line);
      const path = relative(ROOT, file).replaceAll(sep, '/');
      if (!failing.includes(path)) for (const id of reached) (reach[id] ??= []).push(path);
    }
    for (const paths of Object.values(reach)) paths.sort((a, b) => seconds.get(a) - seconds.get(b));
    return { reach, failing };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Resolves to a function from a mutant to the test files that reach it: undefined where that is not known. */
export async function testFilesByMutant(mutants, { known, timeout }) {
  const { reach, failing } = known ?? (await recordReach(mutants, { timeout }));
  return { reach, failing, testFilesOf: (mutant) => reach[idOf(mutant)] };
}
