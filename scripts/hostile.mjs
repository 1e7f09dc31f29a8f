// Runs commands on hostile folders and files under strace, and lists what they open outside of their folders, run, or print raw:
// npm run hostile -- --sample 4 --only report (every fourth of the cases whose names contain "report"). Needs Linux and strace.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync,
} from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CASES } from './hostile/cases.mjs';

const { values: options } = parseArgs({
  options: { sample: { type: 'string', default: '1' }, only: { type: 'string', default: '' } },
});

if (process.platform !== 'linux') throw new Error('Expected Linux, for strace, pipes and devices');

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const PROGRAM = pathOf('../apps/cli/bin/convlens.js');
const RECORD_MEMORY = pathOf('hostile/record-memory.mjs');
const KERAS_FILE = pathOf('../apps/cli/test/fixtures/diagnosed.keras');

const MAX_SECONDS = 120;
const MAX_KILOBYTES = 2_000_000;
/** Control characters except line feed and tab, and those that change the direction of text. */
const RAW_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const root = realpathSync(mkdtempSync(join(tmpdir(), 'convlens-hostile-')));
const context = {
  good: join(root, 'good'),
  outside: join(root, 'outside'),
  canary: join(root, 'canary'),
  pipe: join(root, 'pipe'),
  keras: readFileSync(KERAS_FILE),
};

function prepareContext() {
  const { good, outside, pipe } = context;
  const args = [
    'train',
    '--recipe',
    'shapes',
    '--limit',
    '120',
    '--epochs',
    '1',
    '--backend',
    'simd',
    '--out',
    good,
  ];
  execFileSync(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.bin'), 'confidential');
  cpSync(join(good, 'model'), join(outside, 'folder'), { recursive: true });
  execFileSync('mkfifo', [pipe]);
}

/** The files below a folder, with their contents. */
const contentsOf = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => `${path}: ${readFileSync(path).toString('base64')}`)
    .sort()
    .join('\n');

/**
 * The system calls that succeeded, as { call, text, path }: `path` is where the opened file is, links followed.
 */
function systemCalls(trace) {
  return joinedLines(readFileSync(trace, 'utf8')).flatMap((line) => {
    const [, call, text, result] = /^\d+ +(\w+)\((.*)\) += (.*)$/.exec(line) ?? [];
    if (call === undefined) return [];
    // A connection that does not wait has no result yet.
    if (result.startsWith('-1') && call !== 'connect') return [];
    return [{ call, text, path: /^\d+<(.*)>$/.exec(result)?.[1] }];
  });
} // prettier-ignore

/** The lines of a trace. A call during which another thread made one is in two parts. */
function joinedLines(trace) {
  const unfinished = new Map();
  return trace.split('\n').flatMap((line) => {
    const [, thread] = /^(\d+) /.exec(line) ?? [];
    if (line.endsWith('<unfinished ...>')) return void unfinished.set(thread, line.replace(/ ?<unfinished \.\.\.>$/, '')) ?? [];
    const rest = /^\d+ +<\.\.\. \w+ resumed>(.*)$/s.exec(line)?.[1];
    return rest === undefined ? [line] : [`${unfinished.get(thread) ?? ''}${rest}`];
  });
} // prettier-ignore

const WRITES = /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/;
const CHANGES = ['unlink', 'unlinkat', 'rename', 'renameat', 'renameat2', 'mkdir', 'mkdirat', 'rmdir', 'link', 'linkat', 'symlink', 'symlinkat', 'truncate', 'chmod', 'fchmodat', 'creat']; // prettier-ignore
/** What Node itself writes. */
const NODE_FILES = /^(\/dev\/(null|tty)|\/proc\/|pipe:|anon_inode:|socket:|\/dev\/shm\/)/;

function faultsOfCalls(calls, folder) {
  const faults = [];
  for (const { call, text, path } of calls) {
    const name = /"([^"]*)"/.exec(text)?.[1] ?? '';
    if (path?.startsWith(context.outside)) faults.push(`opened ${path}`);
    if (path && /evil\.mjs$/i.test(path)) faults.push(`opened ${path}`);
    if (path && WRITES.test(text) && !path.startsWith(folder) && !NODE_FILES.test(path))
      faults.push(`wrote ${path}`);
    if (CHANGES.includes(call) && name.startsWith('/') && !name.startsWith(folder))
      faults.push(`${call} ${name}`);
    if (call === 'execve' && name !== process.execPath) faults.push(`ran ${name}`);
    if (call === 'connect' && !text.includes('AF_UNIX')) faults.push(`connected ${text}`);
  }
  return faults;
}

/** Runs a command of Node under strace; returns how it ended and what it did that it should not. */
function observe(args, folder) {
  const outsideBefore = contentsOf(context.outside);
  const [trace, memoryFile] = [join(root, 'trace'), join(root, 'memory')];
  rmSync(memoryFile, { force: true });
  const strace = ['-f', '-y', '-qq', '-s', '4096', '-e', 'trace=%file,execve,connect', '-e', 'signal=none', '-o', trace];
  const { status, signal, stdout, stderr } = spawnSync('strace', [...strace, process.execPath, '--import', RECORD_MEMORY, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: MAX_SECONDS * 1000,
    env: { ...process.env, CONVLENS_MEMORY_FILE: memoryFile, CONVLENS_OFFLINE: '1' },
  });
  const faults = faultsOfCalls(systemCalls(trace), folder).filter((fault) => !fault.endsWith(memoryFile));
  if (existsSync(context.canary)) faults.push('ran a module');
  if (contentsOf(context.outside) !== outsideBefore) faults.push('changed a file outside');
  const raw = RAW_CONTROL.exec(stdout + stderr);
  if (raw) faults.push(`printed U+${raw[0].codePointAt(0).toString(16)} raw`);
  if (stderr.includes('confidential')) faults.push('printed the content of a file outside');
  const kilobytes = existsSync(memoryFile) ? Number(readFileSync(memoryFile, 'utf8')) : 0;
  if (kilobytes > MAX_KILOBYTES) faults.push(`used ${kilobytes} kB`);
  rmSync(context.canary, { force: true });
  return { status: status ?? signal, stderr, faults };
} // prettier-ignore

function tryCase({ prepare, statuses }, folder) {
  mkdirSync(folder);
  const args = prepare(folder, context);
  const backend = ['import', 'data', 'compare'].includes(args[0]) ? [] : ['--backend', 'simd'];
  const { status, stderr, faults } = observe([PROGRAM, ...args, ...backend], folder);
  if (!statuses.includes(status)) faults.push(`ended with ${status}, expected ${statuses.join(' or ')}`);
  for (const report of ['run/report.html', 'report.html'].map((name) => join(folder, name)))
    if (existsSync(report) && /<script>alert|<img src=x|href="javascript/.test(readFileSync(report, 'utf8'))) faults.push('wrote a script into the report');
  const message = stderr.split('\n').filter((line) => line.startsWith('convlens: ')).at(-1) ?? '';
  return { status, message: message.replaceAll(folder, '.').slice(0, 300), faults };
} // prettier-ignore

/** Throws an Error unless each kind of fault is found in a program that has it. */
function expectFaultsFound() {
  const folder = join(root, 'self-test');
  mkdirSync(folder);
  const secret = JSON.stringify(join(context.outside, 'secret.bin'));
  const written = JSON.stringify(join(context.outside, 'new.bin'));
  const program = `
    import { execFileSync } from 'node:child_process';
    import { readFile, unlink, writeFile } from 'node:fs/promises';
    import { connect } from 'node:net';
    await Promise.all(Array.from({ length: 50 }, () => readFile(${secret})));
    await writeFile(${written}, '');
    await unlink(${written});
    execFileSync('true');
    connect(1, '127.0.0.1').on('error', () => {});
    console.log('\\u001b[31m');`;
  writeFileSync(join(folder, 'faults.mjs'), program);
  const { faults } = observe([join(folder, 'faults.mjs')], folder);
  for (const kind of ['opened', 'wrote', 'unlink', 'ran', 'connected', 'printed'])
    if (!faults.some((fault) => fault.startsWith(kind))) throw new Error(`This check does not find what it looks for: ${kind}`);
  if (faults.filter((fault) => fault === `opened ${join(context.outside, 'secret.bin')}`).length !== 50)
    throw new Error('This check does not find all opened files');
} // prettier-ignore

prepareContext();
expectFaultsFound();
const chosen = CASES.filter(({ name }) => name.includes(options.only)).filter(
  (_, i) => i % Number(options.sample) === 0,
);
let failures = 0;
console.log('| case | status | message |\n|---|---|---|');
for (const [index, hostileCase] of chosen.entries()) {
  const folder = join(root, `case-${index}`);
  const { status, message, faults } = tryCase(hostileCase, folder);
  console.log(`| ${hostileCase.name} | ${status} | ${message} |`);
  if (faults.length > 0) {
    failures++;
    console.log(`FAILED ${hostileCase.name}: ${[...new Set(faults)].slice(0, 5).join('; ')}`);
  }
  rmSync(folder, { recursive: true, force: true });
}
rmSync(root, { recursive: true, force: true });
console.log(
  `${chosen.length - failures} of ${chosen.length} cases open, run and print nothing that they should not`,
);
process.exitCode = failures === 0 && chosen.length > 0 ? 0 : 1;
