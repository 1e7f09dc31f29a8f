/**
 * Kills the command line at each file operation that changes something, and checks what is left, and that the same command ends
 * with the same files as without a kill. Prints a table.
 *
 *   npm run kills                        every operation of every command: about an hour on two idle cores
 *   npm run kills -- --command train     of one command, repeatable
 *   npm run kills -- --every 20 --seed 1 one of 20 operations of each kind, and at least one, chosen by the seed
 *   npm run kills -- --jobs 2            two at a time
 *   npm run kills -- --fast              takes what a kill leaves from one run, in which the folder is copied before each operation,
 *                                        and repeats the commands in one process
 *
 * The exit status is 1 if anything was wrong. Only `IGNORED_FIELDS`, the last column of history.csv and the training time in
 * report.html and results.md may differ.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { CASES, prepareCase, resetFolder } from './kills/cases.mjs';
import { afterKill, afterRepeat } from './kills/checks.mjs';
import { comparableHash, hashesOf, readFiles, stateHash } from './kills/folder-state.mjs';
import { convlens, runConvlens } from './kills/run-convlens.mjs';
import { startWarmConvlens } from './kills/warm-convlens.mjs';

const { values } = parseArgs({
  options: {
    command: { type: 'string', multiple: true },
    every: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    fast: { type: 'boolean', default: false },
  },
});

/**
 * Prepares the folder from which a command starts. Each job has its own folder, since run.json has the path of the images: a run is
 * resumed only with the same.
 */
async function prepareStart(subject, job) {
  mkdirSync(job.folder, { recursive: true });
  await prepareCase(subject, job.folder, convlens);
  cpSync(job.folder, job.start, { recursive: true });
}

/** Runs a command without a kill: its operations, its files at the end, and every version of each file that was whole. */
async function undisturbed(subject, job) {
  const root = job.folder;
  const startFiles = readFiles(root, subject.inputs);
  const startHashes = hashesOf(startFiles, root);
  const versionsFolder = `${root}-versions`;
  const trace = `${root}-trace`;
  for (const path of [versionsFolder, job.states]) mkdirSync(path);
  const env = {
    CONVLENS_KILLS_ROOT: root,
    CONVLENS_KILLS_TRACE: trace,
    CONVLENS_KILLS_VERSIONS: versionsFolder,
    ...(values.fast && {
      CONVLENS_KILLS_STATES: job.states,
      CONVLENS_KILLS_INPUTS: subject.inputs.join(':'),
    }),
  };
  const { status, stderr } = await runConvlens(root, subject.args, env);
  if (status !== 0) throw new Error(`${subject.name} ended with ${status}: ${stderr}`);
  const operations = readFileSync(trace, 'utf8').trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
  const endFiles = readFiles(root, subject.inputs);
  const endHashes = hashesOf(endFiles, root);
  const versions = new Map();
  const add = (name, hash) => versions.set(name, (versions.get(name) ?? new Set()).add(hash));
  for (const [name, hash] of [...startHashes, ...endHashes]) add(name, hash);
  for (const file of readdirSync(versionsFolder).filter((name) => name.endsWith('.name'))) {
    const name = readFileSync(join(versionsFolder, file), 'utf8').slice(root.length + 1);
    const bytes = readFileSync(join(versionsFolder, file.replace(/name$/, 'bin')));
    add(name, comparableHash(name, bytes, root));
  }
  return { subject, root, operations, startHashes, endFiles, endHashes, versions };
}

/** Where a command is killed: before each operation, and within those that write or remove several bytes or files. */
const killPoints = (operations) =>
  operations.flatMap(({ number, name, path, hasHalf }) => [
    { number, part: 'before', name, path },
    ...(hasHalf ? [{ number, part: 'within', name, path }] : []),
  ]);

/** Operations of one kind: the same function on files of the same kind, such as the SVG figures. */
function kindOf({ name, part, path }) {
  const file = path.replace(/\.(partial|import|claim)-.*/, '');
  const names = /figures\/|docs\//.test(file) ? [extname(file)] : [basename(file).replaceAll(/\d+/g, '')];
  return [name, part, ...names].join(' ');
}

/** One of `every` points of each kind, and at least one, from a place that the seed chooses. */
function samplePoints(points, every, seed) {
  return [...groupBy(points, kindOf).values()].flatMap((list, i) => {
    const offset = (seed * 7919 + i * 104_729) % Math.min(every, list.length);
    return list.filter((_, j) => j % every === offset);
  });
}

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

/** Brings the folder of a job to the state that a kill leaves; returns why it could not. */
async function killAt({ number, part }, { args, inputs }, job) {
  if (values.fast) {
    resetFolder({ folder: job.folder, start: join(job.states, `${number}-${part}`) }, inputs);
    return undefined;
  }
  resetFolder(job, inputs);
  const env = {
    CONVLENS_KILLS_ROOT: job.folder,
    CONVLENS_KILLS_AT: String(number),
    CONVLENS_KILLS_PART: part,
  };
  const { signal, status, stderr } = await runConvlens(job.folder, args, env);
  return signal === 'SIGKILL' ? undefined : `status ${status} ${stderr}`;
}

/** Kills the command at one point; returns what was wrong. */
async function tryPoint(point, { subject, ...reference }, { job, repeated }) {
  const { folder } = job;
  const notKilled = await killAt(point, subject, job);
  if (notKilled !== undefined) return [{ kind: 'not killed', text: notKilled }];
  const files = readFiles(folder, subject.inputs);
  const failures = await afterKill(files, reference, folder);
  const state = stateHash(files, folder);
  if (repeated.has(state)) return failures;
  repeated.add(state);
  const { status, stderr } = await job.repeat(folder, subject.args);
  if (status !== 0)
    failures.push({ kind: 'repeat failed', text: `status ${status}: ${stderr.trim().slice(0, 400)}` });
  return [...failures, ...afterRepeat(readFiles(folder, subject.inputs), reference, folder)];
}

/** The folders of a job, and how it repeats a command. */
function createJob(folder) {
  const warm = values.fast ? startWarmConvlens() : undefined;
  return {
    folder,
    start: `${folder}-start`,
    states: `${folder}-states`,
    repeat: warm?.run ?? runConvlens,
    stop: () => warm?.stop(),
  };
}

async function tryCommand(subject, work) {
  const name = subject.name.replaceAll(/\W+/g, '-');
  const jobs = Array.from({ length: Number(values.jobs) }, (_, i) =>
    createJob(join(work, `${name}-${i}`, 'case')),
  );
  await Promise.all(jobs.map((job) => prepareStart(subject, job)));
  const [reference] = await Promise.all(
    // What a kill leaves is taken from a run of each job, since run.json has the path of its images.
    (values.fast ? jobs : jobs.slice(0, 1)).map((job) => undisturbed(subject, job)),
  );
  const points = samplePoints(killPoints(reference.operations), Number(values.every), Number(values.seed));
  const repeated = new Set();
  const failures = [];
  const queue = [...points];
  const tryPoints = async (job) => {
    for (let point = queue.shift(); point; point = queue.shift())
      for (const failure of await tryPoint(point, reference, { job, repeated })) {
        failures.push(failure);
        const file = point.path.slice(reference.root.length + 1);
        const place = `${point.part} operation ${point.number} (${point.name} ${file})`;
        console.error(`${subject.name}, killed ${place}: ${failure.kind}: ${failure.text}`);
      }
  };
  try {
    await Promise.all(jobs.map(tryPoints));
  } finally {
    for (const { folder, stop } of jobs) {
      stop();
      rmSync(dirname(folder), { recursive: true });
    }
  }
  return {
    name: subject.name,
    operations: reference.operations.length,
    kills: points.length,
    repeated: repeated.size,
    failures,
  };
}

function table(rows) {
  const lines = rows.map(({ name, operations, kills, repeated, failures }) => {
    const kinds = groupBy(failures, ({ kind }) => kind);
    const text = [...kinds].map(([kind, list]) => `${kind}: ${list.length}`).join(', ') || 'none';
    return `| ${name} | ${operations} | ${kills} | ${repeated} | ${text} |`;
  });
  return [
    '| command | operations | killed at | repeated from different states | failures |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

const work = mkdtempSync(join(tmpdir(), 'convlens-kills-'));
const chosen = CASES.filter(({ name }) => values.command?.includes(name) ?? true);
if (chosen.length === 0)
  throw new Error(`Expected --command to be one of ${CASES.map(({ name }) => name).join(', ')}`);
const rows = [];
try {
  for (const subject of chosen) {
    rows.push(await tryCommand(subject, work));
    console.error(table(rows.slice(-1)));
  }
} finally {
  rmSync(work, { recursive: true });
}
console.log(table(rows));
if (rows.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
