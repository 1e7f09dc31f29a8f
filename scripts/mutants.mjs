/**
 * Measures what the tests notice: applies a seeded sample of small mutants to the sources, one at a time, and runs the
 * tests of the package that depend on the changed file.
 *
 *   npm run mutants                                20 mutants of all sources
 *   npm run mutants -- --count 5 --seed 3          another sample
 *   npm run mutants -- --count 5 packages/augment  of the sources whose path contains a text
 *   npm run mutants -- --list                      the sample, without running it
 *   npm run mutants -- --count 200 --results FILE  keeps each result, a JSON line; the same command again goes on from there
 *   npm run mutants -- --timeout 1800              seconds after which a mutant counts as killed
 *
 * The exit status is 1 if a mutant survives. A survivor may be equivalent: judge each. Tests that start the command line
 * as a program run its build, which a mutant does not change.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { mutantsOf } from './mutants/mutants-of.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
    results: { type: 'string' },
    // A mutant that makes a loop endless is noticed by the time. In seconds; more on a busy machine.
    timeout: { type: 'string', default: '300' },
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

/** Resolves to whether tests of a project pass. */
function testsPass(project, ...args) {
  return new Promise((resolve, reject) =>
    spawn(process.execPath, [VITEST, ...args, '--run', '--bail', '1', '--project', project], {
      cwd: ROOT,
      stdio: 'ignore',
      timeout: 1000 * Number(values.timeout),
    })
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
    return !(await testsPass(projectOf(path), 'related', path));
  } finally {
    restore();
  }
}

const projectOf = (path) => path.split('/')[1];
const shorten = (text) => text.replace(/\s+/g, ' ').slice(0, 90);

const passes = new Map();
/** Resolves to whether the tests of a project pass without a mutant: where they do not, a failure shows nothing. */
async function passesUnchanged(project) {
  if (!passes.has(project)) passes.set(project, await testsPass(project));
  return passes.get(project);
}

async function resultOf(mutant) {
  const project = projectOf(mutant.path);
  if (!(await passesUnchanged(project))) return 'fails unchanged';
  return (await isKilled(mutant)) ? 'killed' : 'survived';
}

/** The results of an earlier call, by title. */
const known = new Map(
  (values.results && existsSync(values.results) ? readFileSync(values.results, 'utf8').split('\n') : [])
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .map(({ title, result }) => [title, result]),
);

const counts = { killed: 0, survived: 0, 'fails unchanged': 0 };
for (const mutant of sampleMutants()) {
  const { path, line, kind, original, text } = mutant;
  const title = `${path}:${line} [${kind}] \`${shorten(original)}\` -> \`${shorten(text)}\``;
  if (values.list) {
    console.log(title);
    continue;
  }
  const result = known.get(title) ?? (await resultOf(mutant));
  if (values.results && !known.has(title))
    appendFileSync(values.results, `${JSON.stringify({ title, result })}\n`);
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
