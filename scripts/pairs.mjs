/**
 * Starts two commands within 50 ms on one folder, and checks that one of them writes it, that the other is refused and told which
 * process does, and that all files are of one run. Prints a table.
 *
 *   npm run pairs                     20 rounds of each pair
 *   npm run pairs -- --rounds 3
 *   npm run pairs -- --pair train+train   of one pair, repeatable
 *
 * The exit status is 1 if anything was wrong. Where the second command begins only after the first has ended, as on a busy machine,
 * both may write, one after the other.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PAIRS, prepareCase, resetFolder } from './kills/cases.mjs';
import { hashesOf, LOCK, readFiles, RECORD, TEMPORARY } from './kills/folder-state.mjs';
import { convlens, runConvlens } from './kills/run-convlens.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, pair: { type: 'string', multiple: true } },
});

/** The most milliseconds between the two starts. */
const MAX_DELAY = 50;

/** What is compared of the folder. The record may have more lines. */
function stateOf(folder, inputs) {
  const hashes = hashesOf(readFiles(folder, inputs), folder);
  return [...hashes].filter(([name]) => !RECORD.test(name)).map(([name, hash]) => `${hash} ${name}`).sort().join('\n'); // prettier-ignore
}

/** The states that the folder may have after one command alone, and after both in each order. */
async function expectedStates({ inputs, commands: [first, second], isFree }, job) {
  const states = { first: [], second: [], both: [] };
  const add = async (key, ...commands) => {
    resetFolder(job, inputs);
    for (const args of commands) {
      const { status, stderr } = await runConvlens(job.folder, args);
      // The second of two trainings of one folder is refused also after the first has ended.
      if (status !== 0 && args === commands[0]) throw new Error(stderr);
    }
    states[key].push(stateOf(job.folder, inputs));
  };
  await add('first', first);
  if (!isFree) await add('second', second);
  await add('both', first, second);
  await add('both', second, first);
  return states;
}

/** The kind of what happened in a round, and what was wrong. */
async function playRound(pair, job, { states, round }) {
  const { inputs, commands, isFree } = pair;
  resetFolder(job, inputs);
  const order = round % 2 === 0 ? [0, 1] : [1, 0];
  const runs = [];
  runs[order[0]] = runConvlens(job.folder, commands[order[0]]);
  await wait((round * 17) % MAX_DELAY);
  runs[order[1]] = runConvlens(job.folder, commands[order[1]]);
  const results = await Promise.all(runs);
  const failures = [];
  const files = readFiles(job.folder, inputs);
  for (const name of files.keys())
    if (TEMPORARY.test(name) || LOCK.test(name)) failures.push(`left: ${name}`);
  const written = results.map(({ status }) => status === 0);
  const state = stateOf(job.folder, inputs);
  const expected = written[0] && written[1] ? states.both : written[0] ? states.first : states.second;
  if (!written.some(Boolean))
    failures.push(`nobody wrote: ${results.map(({ stderr }) => stderr).join(' / ')}`);
  else if (!expected.includes(state)) failures.push(`files of both: ${difference(state, expected)}`);
  if (written.every(Boolean)) return { kind: isFree ? 'both' : 'in turn', failures };
  const [refused, writer] = written[0] ? [results[1], results[0]] : results;
  if (refused.status !== 2) failures.push(`refused with status ${refused.status}: ${refused.stderr}`);
  if (refused.stderr.includes(`writes it (process ${writer.pid} on`)) return { kind: 'refused', failures };
  // The writer had ended before.
  if (/found a run in/.test(refused.stderr)) return { kind: 'in turn', failures };
  return { kind: 'refused', failures: [...failures, `not told who writes: ${refused.stderr}`] };
}

/** The lines in which a state differs from the expected one that is nearest. */
function difference(state, expected) {
  const lines = state.split('\n');
  const others = expected.map((text) => lines.filter((line) => !text.split('\n').includes(line)));
  return others
    .sort((a, b) => a.length - b.length)[0]
    .map((line) => line.split(' ')[1])
    .join(', ');
}

async function playPair(pair, work) {
  const folder = join(work, pair.name.replaceAll(/\W+/g, '-'), 'case');
  const job = { folder, start: `${folder}-start` };
  mkdirSync(folder, { recursive: true });
  await prepareCase(pair, folder, convlens);
  cpSync(folder, job.start, { recursive: true });
  const states = await expectedStates(pair, job);
  const row = { name: pair.name, refused: 0, 'in turn': 0, both: 0, failures: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    const { kind, failures } = await playRound(pair, job, { states, round });
    row[kind]++;
    row.failures.push(...failures);
    for (const text of failures) console.error(`${pair.name}, round ${round + 1}: ${text}`);
  }
  if (!pair.isFree && !pair.isShort && row.refused === 0) {
    const text = 'no command was refused: the lock is not seen to work';
    row.failures.push(text);
    console.error(`${pair.name}: ${text}`);
  }
  return row;
}

const chosen = PAIRS.filter(({ name }) => values.pair?.includes(name) ?? true);
if (chosen.length === 0)
  throw new Error(`Expected --pair to be one of ${PAIRS.map(({ name }) => name).join(', ')}`);
const work = mkdtempSync(join(tmpdir(), 'convlens-pairs-'));
const rows = [];
try {
  for (const pair of chosen) rows.push(await playPair(pair, work));
} finally {
  rmSync(work, { recursive: true });
}
console.log(
  '| pair | rounds | one refused, told who writes | one after the other | both, as they may | failures |',
);
console.log('|---|---|---|---|---|---|');
for (const { name, refused, both, failures, 'in turn': inTurn } of rows)
  console.log(
    `| ${name} | ${values.rounds} | ${refused} | ${inTurn} | ${both} | ${failures.length || 'none'} |`,
  );
if (rows.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
