/**
 * Measures what the tests notice: applies a seeded sample of small mutants to the sources, one at a time, and runs the
 * tests of the package that depend on the changed file.
 *
 *   npm run mutants                                20 mutants of all sources
 *   npm run mutants -- --count 5 --seed 3          another sample
 *   npm run mutants -- --count 5 packages/augment  of the sources whose path contains a text
 *   npm run mutants -- --list                      the sample, without running it
 *
 * The exit status is 1 if a mutant survives. A survivor may be equivalent: judge each. Tests that start the command line
 * as a program run its build, which a mutant does not change.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { mutantsOf } from './mutants/mutants-of.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
/** A mutant that makes a loop endless is noticed by the time. */
const TIMEOUT = 300_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
  },
});

/** mulberry32: uniform in [0, 1). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

const isSource = (path) =>
  /^(packages\/[^/]+|apps\/cli)\/src\/.*\.ts$/.test(path) && !/\.(wasm|d)\.ts$/.test(path);

function readProgram() {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  return ts.createProgram(fileNames, options);
}

/** A seeded sample without repetition: of every file the same chance for each of its mutants. */
function sampleMutants() {
  const program = readProgram();
  const checker = program.getTypeChecker();
  const mutants = program
    .getSourceFiles()
    .map((source) => ({ source, path: relative(ROOT, source.fileName).replaceAll(sep, '/') }))
    .filter(({ path }) => isSource(path))
    .filter(({ path }) => positionals.length === 0 || positionals.some((text) => path.includes(text)))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap(({ source, path }) => mutantsOf(source, checker).map((mutant) => ({ path, ...mutant })));
  const random = randomFrom(Number(values.seed));
  const sample = [];
  while (sample.length < Number(values.count) && mutants.length > 0)
    sample.push(...mutants.splice(Math.floor(random() * mutants.length), 1));
  return sample;
}

/** Resolves to whether the tests of the package that depend on the file pass. */
function testsPass(path) {
  const project = path.split('/')[1];
  const args = [VITEST, 'related', '--run', '--bail', '1', '--project', project, path];
  return new Promise((resolve, reject) =>
    spawn(process.execPath, args, { cwd: ROOT, stdio: 'ignore', timeout: TIMEOUT })
      .on('error', reject)
      .on('close', (status) => resolve(status === 0)),
  );
}

/** The file that has a mutant now, with its own text. */
let changed;
function restore() {
  if (changed) writeFileSync(changed.file, changed.original);
  changed = undefined;
}
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    restore();
    process.exit(130);
  });

/** Resolves to whether a test fails with the mutant. */
async function isKilled({ path, start, end, text }) {
  const file = join(ROOT, path);
  const original = readFileSync(file, 'utf8');
  changed = { file, original };
  try {
    writeFileSync(file, original.slice(0, start) + text + original.slice(end));
    return !(await testsPass(path));
  } finally {
    restore();
  }
}

const shorten = (text) => text.replace(/\s+/g, ' ').slice(0, 90);

const passes = new Map();
/** Resolves to whether the tests pass without a mutant: where they do not, a failure shows nothing. */
async function passesUnchanged(path) {
  if (!passes.has(path)) passes.set(path, await testsPass(path));
  return passes.get(path);
}

const counts = { killed: 0, survived: 0, 'fails unchanged': 0 };
for (const mutant of sampleMutants()) {
  const { path, line, kind, original, text } = mutant;
  const title = `${path}:${line} [${kind}] \`${shorten(original)}\` -> \`${shorten(text)}\``;
  if (values.list) {
    console.log(title);
    continue;
  }
  const result = !(await isKilled(mutant))
    ? 'survived'
    : (await passesUnchanged(path))
      ? 'killed'
      : 'fails unchanged';
  counts[result]++;
  console.log(`${result.padEnd(8)} ${title}`);
}
if (!values.list)
  console.log(
    Object.entries(counts)
      .map(([result, count]) => `${count} ${result}`)
      .join(', '),
  );
process.exitCode = counts.survived > 0 ? 1 : 0;
