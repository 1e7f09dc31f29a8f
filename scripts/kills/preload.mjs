/**
 * Loaded into the command line with `node --import`: counts the file operations that change something below a folder, and
 * sends SIGKILL to its own process at one of them.
 *
 *   CONVLENS_KILLS_ROOT      the folder
 *   CONVLENS_KILLS_AT        the number of the operation, counted from 1; none: nothing is killed
 *   CONVLENS_KILLS_PART      'before' the operation, or 'within' it: half of the bytes are written
 *   CONVLENS_KILLS_TRACE     a file that receives a line of JSON per operation
 *   CONVLENS_KILLS_VERSIONS  a folder that receives a copy of each file that gets its name: NUMBER.bin
 *   CONVLENS_KILLS_STATES    a folder that receives what a kill would leave at each operation: NUMBER-before, NUMBER-within
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const { CONVLENS_KILLS_ROOT: root, CONVLENS_KILLS_PART: part = 'before' } = process.env;
const { CONVLENS_KILLS_TRACE: trace, CONVLENS_KILLS_VERSIONS: versions } = process.env;
const { CONVLENS_KILLS_STATES: states, CONVLENS_KILLS_INPUTS: inputs = '' } = process.env;
const killAt = Number(process.env.CONVLENS_KILLS_AT ?? 0);

/** Functions whose calls always change something, and the position of the path that changes. */
const CHANGES = {
  ...{ writeFile: 0, appendFile: 0, truncate: 0, rename: 1, link: 1, symlink: 1, copyFile: 1, cp: 1 },
  ...{ unlink: 0, rm: 0, rmdir: 0, mkdir: 0, mkdtemp: 0, chmod: 0, utimes: 0 },
};
/** Functions of open files. */
const HANDLE_CHANGES = [
  'write',
  'writev',
  'writeFile',
  'appendFile',
  'truncate',
  'sync',
  'datasync',
  'utimes',
];
const DESCRIPTOR_CHANGES = ['write', 'writev', 'ftruncate', 'fsync', 'fdatasync', 'futimes'];
const GIVES_NAME = ['rename', 'link', 'copyFile', 'writeFile'];

const original = { ...fs };
const paths = new Map();
const locks = new Set();
let count = 0;
let copying = false;

const pathOf = (value) => resolve(value instanceof URL ? fileURLToPath(value) : String(value));
const isBelow = (path) => path === root || path.startsWith(root + sep);

const { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC } = fs.constants;
const opensForWrite = (flags = 'r') =>
  typeof flags === 'number' ? (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) !== 0 : /[wa+]/.test(flags);

/** The first half of what is written; undefined if it is not known. */
function halfOf(data) {
  if (typeof data === 'string') data = Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength >> 1)
    : undefined;
}

const isFolder = (path) => original.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Does half of an operation, as a process that is killed within it. */
function doHalf(name, path, data) {
  if (name === 'rm') {
    const names = original.readdirSync(path);
    for (const child of names.slice(0, Math.ceil(names.length / 2)))
      original.rmSync(join(path, child), { recursive: true });
  } else if (name === 'writeFile' || name === 'copyFile') original.writeFileSync(path, halfOf(data));
  else original.appendFileSync(path, halfOf(data));
}

/** Copies the folder as a kill at this operation would leave it. */
function keepStates(name, path, { data, hasHalf }) {
  const isChanged = (file) => !inputs.split(':').filter(Boolean).includes(relative(root, file));
  for (const one of hasHalf ? ['before', 'within'] : ['before']) {
    const copy = join(states, `${count}-${one}`);
    copying = true;
    original.cpSync(root, copy, { recursive: true, filter: isChanged });
    if (one === 'within') doHalf(name, join(copy, relative(root, path)), data);
    copying = false;
  }
}

/** Whether a lock is written again with the same content, which happens at any time. */
function isRenewal(name, path) {
  if (name !== 'write' || !path.includes('.convlens-lock')) return false;
  const isKnown = locks.has(path);
  locks.add(path);
  return isKnown;
}

/** Notes an operation before it is done; kills the process if it is the one. `data` is what is written. */
function note(name, path, data) {
  if (copying || !isBelow(path) || isRenewal(name, path)) return undefined;
  count++;
  const hasHalf = name === 'rm' ? isFolder(path) : (halfOf(data)?.byteLength ?? 0) > 0;
  if (trace) original.appendFileSync(trace, `${JSON.stringify({ number: count, name, path, hasHalf })}\n`);
  if (states) keepStates(name, path, { data, hasHalf });
  if (count === killAt) {
    if (part === 'within' && hasHalf) doHalf(name, path, data);
    process.kill(process.pid, 'SIGKILL');
  }
  return count;
}

function keepVersion(number, name, path) {
  if (!versions || number === undefined || !GIVES_NAME.includes(name)) return;
  const bytes = original.readFileSync(path);
  original.writeFileSync(join(versions, `${number}.bin`), bytes);
  original.writeFileSync(join(versions, `${number}.name`), path);
}

/** What a function that takes a path writes. */
function dataOf(name, args) {
  if (name === 'copyFile') return original.readFileSync(pathOf(args[0]));
  return /^(write|append)File$/.test(name) ? args[1] : undefined;
}

/** Replaces a function that takes a path. */
function wrapPathFunction(owner, name, kind) {
  const base = name.replace(/Sync$/, '');
  const call = owner[name];
  owner[name] = function (...args) {
    const value = args[CHANGES[base]];
    if (typeof value !== 'string' && !(value instanceof URL)) return call.apply(this, args);
    const path = pathOf(value);
    const number = note(base, path, dataOf(base, args));
    if (kind === 'promise')
      return call.apply(this, args).then((result) => {
        keepVersion(number, base, path);
        return result;
      });
    const result = call.apply(this, args);
    if (kind === 'sync') keepVersion(number, base, path);
    return result;
  };
}

function wrapOpen(owner, name, kind) {
  const call = owner[name];
  owner[name] = function (path, ...rest) {
    const flags = typeof rest[0] === 'function' ? undefined : rest[0];
    const full = typeof path === 'number' ? '' : pathOf(path);
    if (opensForWrite(flags ?? 'r')) note('open', full);
    if (kind === 'promise')
      return call.call(this, path, ...rest).then((handle) => {
        paths.set(handle, full);
        return handle;
      });
    if (kind === 'sync') {
      const descriptor = call.call(this, path, ...rest);
      paths.set(descriptor, full);
      return descriptor;
    }
    const callback = rest.pop();
    return call.call(this, path, ...rest, (error, descriptor) => {
      if (!error) paths.set(descriptor, full);
      callback(error, descriptor);
    });
  };
}

function wrapOpenFile(owner, name, base = name) {
  const call = owner[name];
  owner[name] = function (...args) {
    const isHandle = owner !== fs;
    const path = paths.get(isHandle ? this : args[0]);
    const data = /^(write|append)/.test(base) ? args[isHandle ? 0 : 1] : undefined;
    if (path) note(base === 'writeFile' ? 'write' : base, path, data);
    return call.apply(this, args);
  };
}

if (root && isMainThread) {
  const handle = await fs.promises.open(process.execPath);
  const handlePrototype = Object.getPrototypeOf(handle);
  await handle.close();
  for (const name of HANDLE_CHANGES) wrapOpenFile(handlePrototype, name);
  for (const name of DESCRIPTOR_CHANGES)
    for (const variant of [name, `${name}Sync`]) if (fs[variant]) wrapOpenFile(fs, variant, name);
  wrapOpen(fs.promises, 'open', 'promise');
  wrapOpen(fs, 'open', 'callback');
  wrapOpen(fs, 'openSync', 'sync');
  for (const name of Object.keys(CHANGES)) {
    wrapPathFunction(fs.promises, name, 'promise');
    if (fs[name]) wrapPathFunction(fs, name, 'callback');
    if (fs[`${name}Sync`]) wrapPathFunction(fs, `${name}Sync`, 'sync');
  }
  syncBuiltinESMExports();
}
