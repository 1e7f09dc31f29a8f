/** What must be true after a kill, and after the same command was run again. */
import { dirname, join } from 'node:path';
import { loadModel } from '../../packages/models/dist/index.js';
import { readRun } from '../../packages/pipeline/dist/index.js';
import { registerKerasLayers } from '../../packages/model-import/dist/index.js';
import { folderStore } from '../../packages/storage/dist/node.js';
import { comparableHash, LOCK, readRecord, RECORD, sha256, TEMPORARY } from './folder-state.mjs';

registerKerasLayers();

const isOwn = (name) => LOCK.test(name) || RECORD.test(name) || TEMPORARY.test(name);

/**
 * After a kill every file is absent, or has the content that it had before, or one that the undisturbed command gave it; and what
 * the readers of runs and models open is not damaged.
 */
export async function afterKill(files, reference, root) {
  const { startHashes, endHashes, versions } = reference;
  const failures = [];
  const fail = (kind, text) => failures.push({ kind, text });
  for (const [name, bytes] of files) {
    if (LOCK.test(name) && !TEMPORARY.test(name) && !isJson(bytes)) fail('torn lock', name);
    if (isOwn(name)) continue;
    if (!versions.has(name)) fail('unknown file', name);
    else if (!versions.get(name).has(comparableHash(name, bytes, root))) fail('not whole', name);
  }
  for (const [name, hash] of startHashes) {
    if (!endHashes.has(name)) continue;
    const bytes = files.get(name);
    if (bytes === undefined) fail('lost', name);
    else if (endHashes.get(name) === hash && !isOwn(name) && comparableHash(name, bytes, root) !== hash)
      fail('changed', name);
  }
  for (const message of await readerErrors(files, root)) fail('called damaged', message);
  return failures;
}

function isJson(bytes) {
  try {
    return Boolean(JSON.parse(bytes.toString()));
  } catch {
    return false;
  }
}

/** The errors of opening each run and each model, as other commands do. */
async function readerErrors(files, root) {
  const messages = [];
  const attempt = (work) => work.catch((error) => void messages.push(error.message));
  for (const name of files.keys()) {
    const folder = dirname(join(root, name));
    if (/^runs\/[^/]+\/run\.json$/.test(name)) await attempt(readRun(folderStore(folder)));
    if (name.endsWith('/model.json'))
      await attempt(loadModel(folderStore(folder)).then(({ model }) => model.dispose()));
  }
  return messages;
}

/** After the same command: the files of the undisturbed command, no temporary file, no lock, all files recorded. */
export function afterRepeat(files, { endFiles, endHashes }, root) {
  const failures = [];
  const fail = (kind, text) => failures.push({ kind, text });
  for (const name of files.keys()) {
    if (TEMPORARY.test(name)) fail('temporary file', name);
    else if (LOCK.test(name)) fail('lock left', name);
    else if (!endFiles.has(name)) fail('extra file', name);
  }
  for (const [name, hash] of endHashes) {
    const bytes = files.get(name);
    if (bytes === undefined) fail('missing file', name);
    else if (RECORD.test(name))
      for (const text of recordErrors(name, files, endFiles.get(name))) fail('record', text);
    else if (comparableHash(name, bytes, root) !== hash) fail('other bytes', name);
  }
  return failures;
}

/** The files in the list of the undisturbed command must be listed with the content that they have now. */
function recordErrors(name, files, endRecord) {
  const record = readRecord(files.get(name).toString());
  const folder = dirname(name);
  return [...readRecord(endRecord.toString()).keys()].flatMap((entry) => {
    const bytes = files.get(join(folder, entry));
    if (bytes === undefined) return [];
    return record.get(entry)?.includes(sha256(bytes)) ? [] : [`${entry} is not recorded in ${name}`];
  });
}
