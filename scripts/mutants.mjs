/**
 * Measures what the tests notice: applies a seeded sample of small mutants to the sources, one at a time, and runs the
 * tests that reach the changed function: first those of its package, then those of the others. All tests run once before,
 * with probes, to find them. A survivor that the compiler refuses counts as killed: `npm run check` notices it.
 *
 *   npm run mutants                                20 mutants of all sources
 *   npm run mutants -- --count 5 --seed 3          another sample
 *   npm run mutants -- --count 5 packages/augment  of the sources whose path contains a text
 *   npm run mutants -- --list                      the sample, without running it
 *   npm run mutants -- --count 200 --results FILE  keeps each result, a JSON line; the same command again goes on from there
 *   npm run mutants -- --timeout 1800              seconds after which a mutant counts as killed
 *
 * The exit status is 1 if a mutant survives. A survivor may be equivalent: judge each. The tests of a file that shares its modules
 * with others are not found to reach what runs once a process, such as a table: run all tests of the package for such a survivor.
 * Tests that start the command line as a program run its build, which a mutant does not change.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { withReplacements, replaceIn } from './mutants/changed-files.mjs';
import { mutantsOf } from './mutants/mutants-of.mjs';
import { testFilesByMutant } from './mutants/reach.mjs';
import { ROOT } from './mutants/root.mjs';
import { runTests } from './mutants/run-tests.mjs';

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
const timeout = Number(values.timeout);

/** The most test files of other packages that run for one mutant, the fastest. */
const MOST_OTHERS = 20;

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

/** The sources, of which one file may have another text. */
function readProgram(changed = {}) {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  host.readFile = (file) => (file === changed.file ? changed.text : readFile(file));
  return ts.createProgram(fileNames, options, host);
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

const projectOf = (path) => path.split('/')[1];
const shorten = (text) => text.replace(/\s+/g, ' ').slice(0, 90);
const titleOf = ({ path, line, kind, original, text }) =>
  `${path}:${line} [${kind}] \`${shorten(original)}\` -> \`${shorten(text)}\``;

/** Whether the compiler refuses a mutant. */
function isRefused({ path, ...replacement }) {
  const file = join(ROOT, path);
  const program = readProgram({ file, text: replaceIn(readFileSync(file, 'utf8'), [replacement]) });
  return program.getSemanticDiagnostics(program.getSourceFile(file)).length > 0;
}

/** The arguments of each run of tests for a mutant, in their order. */
function testRunsOf({ path }, testFiles) {
  const folder = path.split('/').slice(0, 2).join('/');
  if (testFiles === undefined) return [['related', path, '--run', '--project', projectOf(path)]];
  const ofPackage = testFiles.filter((file) => file.startsWith(`${folder}/`));
  const ofOthers = testFiles.filter((file) => !file.startsWith(`${folder}/`)).slice(0, MOST_OTHERS);
  return [ofPackage, ofOthers].filter((files) => files.length > 0).map((files) => ['run', ...files]);
}

/** Resolves to the result of a mutant and what noticed it. */
async function resultOf(mutant, testFiles) {
  for (const args of testRunsOf(mutant, testFiles)) {
    const { passed, failure } = await withReplacements([[mutant.path, [mutant]]], () =>
      runTests([...args, '--bail', '1'], { timeout }),
    );
    if (!passed) return { result: 'killed', by: failure };
  }
  return isRefused(mutant) ? { result: 'killed', by: 'the compiler' } : { result: 'survived' };
}

const readLines = (file) =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : [];

/** What an earlier call has kept: the recorded reach, and the results by title. */
const kept = values.results ? readLines(values.results) : [];
const knownReach = kept.find(({ reach }) => reach);
const knownResults = new Map(kept.filter(({ title }) => title).map((result) => [result.title, result]));
const keep = (record) => values.results && appendFileSync(values.results, `${JSON.stringify(record)}\n`);

async function runSample(mutants) {
  const { reach, failing, testFilesOf } = await testFilesByMutant(mutants, {
    known: knownReach,
    timeout: 3600,
  });
  if (!knownReach) keep({ reach, failing });
  if (failing.length > 0) console.log(`Left out, as they fail without a mutant: ${failing.join(', ')}`);
  const counts = { killed: 0, survived: 0 };
  for (const mutant of mutants) {
    const title = titleOf(mutant);
    const known = knownResults.get(title);
    const { result, by } = known ?? (await resultOf(mutant, testFilesOf(mutant)));
    if (!known) keep({ title, result, by });
    counts[result]++;
    console.log(`${result.padEnd(8)} ${title}`);
  }
  console.log(`${counts.killed} killed, ${counts.survived} survived`);
  process.exitCode = counts.survived > 0 ? 1 : 0;
}

const sample = sampleMutants();
if (values.list) for (const mutant of sample) console.log(titleOf(mutant));
else await runSample(sample);
