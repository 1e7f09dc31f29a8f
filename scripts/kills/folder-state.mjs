/** What is in a folder, in a form in which two runs of the same command are equal. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What a lock, a claim, the list of written files and an unfinished write are called. */
export const LOCK = /(^|\/)\.convlens-lock[^/]*$/;
export const RECORD = /(^|\/)\.convlens-files$/;
export const TEMPORARY = /\.partial-[^/]*$/;

/**
 * Fields of JSON that differ between two runs of the same command: measured times, and values that follow from them. In
 * history.csv it is the last column, in report.html and results.md the training time.
 */
export const IGNORED_FIELDS = ['seconds', 'hours'];

const JSON_FIELD = new RegExp(`("(?:${IGNORED_FIELDS.join('|')})": ?)[-+.\\de]+`, 'g');
const TRAINING_TIME = /(training time(?:<\/dt><dd>| \| ))[^<|]*/g;

/** The bytes of a file without what may differ. Paths in the folder of the case are relative to it. */
export function comparableBytes(name, bytes, root) {
  const withoutRoot = (text) => text.replaceAll(root, 'ROOT');
  if (name.endsWith('.checkpoint')) return withoutCheckpointTimes(bytes);
  if (name.endsWith('history.csv')) return bytes.toString().replace(/,[^,\n]*$/gm, '');
  if (/\.(json|md|html)$/.test(name))
    return withoutRoot(bytes.toString()).replace(JSON_FIELD, '$1 0').replace(TRAINING_TIME, '$1');
  return bytes;
}

/** A checkpoint without the seconds in its JSON, on which its checksum and the length of the JSON depend; see checkpoint-format.ts. */
function withoutCheckpointTimes(bytes) {
  const start = 40;
  if (bytes.length < start) return bytes;
  const hash = createHash('sha256').update(bytes.subarray(36)).digest();
  if (!hash.equals(bytes.subarray(4, 36))) return bytes;
  const end = start + bytes.readUInt32LE(36);
  const json = bytes.toString('utf8', start, end).trimEnd().replace(JSON_FIELD, '$1 0');
  return Buffer.concat([Buffer.from(json), bytes.subarray(end)]);
}

const hashOf = (value) => createHash('sha256').update(value).digest('hex');

/** The hash of what is compared of a file. */
export const comparableHash = (name, bytes, root) => hashOf(comparableBytes(name, bytes, root));

/** What is compared of the files in a folder: a map from name to hash. */
export const hashesOf = (files, root) =>
  new Map([...files].map(([name, bytes]) => [name, comparableHash(name, bytes, root)]));

/** All files below a folder, without those below `inputs`: a map from name to bytes. */
export function readFiles(root, inputs = []) {
  const files = new Map();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const name = relative(root, path);
    if (!inputs.some((input) => name.startsWith(`${input}/`))) files.set(name, readFileSync(path));
  }
  return files;
}

/** A hash of a folder that is equal for two kills which leave the same: random parts of names are left out. */
export function stateHash(files, root) {
  const lines = [...files].map(([name, bytes]) => {
    if (LOCK.test(name)) return name.replace(/(partial|claim)-.*/, '$1');
    if (RECORD.test(name)) return `${name} ${bytes.toString().replace(/^[0-9a-f]{64}/gm, '')}`;
    if (TEMPORARY.test(name)) return `${name.replace(TEMPORARY, '')} partial ${bytes.length}`;
    return `${name} ${comparableHash(name, bytes, root)}`;
  });
  return hashOf(lines.sort().join('\n'));
}

/** Names in a list of written files with the checksums that it has of them. */
export function readRecord(text) {
  const record = new Map();
  for (const line of text.split('\n')) {
    const [, checksum, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (name !== undefined) record.set(name, [...(record.get(name) ?? []), checksum]);
  }
  return record;
}

export const sha256 = hashOf;
