import { randomUUID } from 'node:crypto';
import { readFileSync, unlinkSync } from 'node:fs';
import { link, mkdir, open, readdir, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expectString, expectOptions, InputError, type OptionNames } from '@convlens/core';
import { pathOfOwnFile } from './inside-folder.js';
import { isProcessAlive, processNamespace, processStartTime } from './process-identity.js';
import { readRegularFile } from './regular-file.js';
import { temporaryName } from './temporary-names.js';
import { toWriteError } from './write-errors.js';

/*
 * A folder has one writer at a time. The writer holds a lock, the file .convlens-lock, which it writes again every 10 s.
 * A lock is stale if its process does not exist any more. Whether a process of another machine exists cannot be seen: its
 * lock is stale after 60 s without a renewal, or at once if it has the same Slurm job, step and task, since Slurm starts a task
 * again only after it has ended. Where the system does not say when a process was started, another process may have got its
 * number: such a lock is stale after 10 minutes without a renewal, which is longer than any step of a program lasts.
 */

export const LOCK_FILE = '.convlens-lock';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What file systems without hard links say, such as FAT and some that are reached over a network. */
const NO_LINK_CODES = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES', 'EISDIR'];

const RENEWAL_MS = 10_000;
const STALE_MS = 60_000;
const STALE_ALIVE_MS = 600_000;

/** Who holds a lock, as in the lock file. */
export interface LockHolder {
  /** Unique for each lock. */
  readonly id: string;
  readonly host: string;
  readonly process: number;
  /** What the process does, such as "convlens train". */
  readonly command: string;
  /** When the lock was taken, as an ISO date. */
  readonly since: string;
  /** When the process was started, as the system says it; undefined outside of Linux. */
  readonly processStart?: string;
  /** The number space of the process, which containers have their own of; undefined outside of Linux. */
  readonly namespace?: string;
  /** The Slurm job, step and task; undefined outside of Slurm. */
  readonly slurmTask?: string;
}

export interface LockFolderOptions {
  /** What messages to other writers call this one. Default 'convlens'. */
  readonly command?: string;
  /** The name of this machine. Default: that of the operating system. */
  readonly host?: string;
  /** The environment, for the variables of Slurm. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const LOCK_FOLDER_OPTIONS: OptionNames<LockFolderOptions> = { command: true, host: true, env: true };

/** A folder that nobody else writes. */
export interface FolderLock {
  readonly holder: LockHolder;
  /** Throws an InputError if the lock is gone: the folder was removed, or another writer has taken it over. */
  expectHeld(): Promise<void>;
  /** Ends the lock. Also the end of the process does, unless it is killed. */
  release(): Promise<void>;
}

/**
 * Takes the lock of a folder, which is created if it does not exist.
 *
 * @throws InputError with the code 'locked' if another writer holds it, and with the code 'unwritable' if the folder cannot be
 *   written.
 */
export async function lockFolder(folder: string, options: LockFolderOptions = {}): Promise<FolderLock> {
  expectOptions('lockFolder', options, LOCK_FOLDER_OPTIONS);
  expectString('folder', folder);
  const holder = describeHolder(options);
  try {
    await mkdir(resolve(folder), { recursive: true });
    const path = await pathOfOwnFile(resolve(folder), LOCK_FILE);
    const file = await takeLock(path, holder);
    await removeClaims(resolve(folder));
    return heldLock(path, holder, file);
  } catch (error) {
    throw toWriteError(error, resolve(folder));
  }
}

function describeHolder({ command = 'convlens', host = hostname(), env = process.env }: LockFolderOptions) {
  const processStart = processStartTime(process.pid);
  const namespace = processNamespace();
  const slurmTask = slurmTaskOf(env);
  return {
    id: randomUUID(),
    host,
    process: process.pid,
    command,
    since: new Date().toISOString(),
    ...(processStart !== undefined && { processStart }),
    ...(namespace !== undefined && { namespace }),
    ...(slurmTask !== undefined && { slurmTask }),
  };
}

/** The job, its number in an array of jobs, the step within the job, and the task within the step. */
function slurmTaskOf(env: NonNullable<LockFolderOptions['env']>): string | undefined {
  const { SLURM_JOB_ID, SLURM_ARRAY_TASK_ID = '', SLURM_STEP_ID = '', SLURM_PROCID = '0' } = env;
  return SLURM_JOB_ID && [SLURM_JOB_ID, SLURM_ARRAY_TASK_ID, SLURM_STEP_ID, SLURM_PROCID].join('/');
}

/** Creates the lock file; a stale one is replaced. */
async function takeLock(path: string, holder: LockHolder): Promise<FileHandle> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const created = await createFile(path, holder);
    if (created) return created;
    const present = await readHolder(path);
    if (present === undefined) continue;
    if (!(await isStale(path, present, holder))) throw lockedError(path, present);
    await removeStaleLock(path, present, holder);
  }
  throw new InputError(`Cannot lock ${path}: other writers take it again and again. Try again later`, {
    code: 'locked',
  });
}

/**
 * Creates a file with the holder in it; undefined if there is one. It is complete from the start: a writer that is killed does
 * not leave a lock that nobody holds.
 */
async function createFile(path: string, holder: LockHolder): Promise<FileHandle | undefined> {
  const temporary = temporaryName(path);
  const file = await open(temporary, 'wx+');
  try {
    await file.write(JSON.stringify(holder), 0);
    await link(temporary, path);
    return file;
  } catch (error) {
    await file.close();
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return undefined;
    if (NO_LINK_CODES.includes(code)) return createWithoutLink(path, holder);
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** As `createFile`; of a writer that is killed in between, an empty lock is left, which is stale after a minute. */
async function createWithoutLink(path: string, holder: LockHolder): Promise<FileHandle | undefined> {
  const file = await open(path, 'wx+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  try {
    await file?.write(JSON.stringify(holder), 0);
    return file;
  } catch (error) {
    await file?.close();
    await rm(path, { force: true });
    throw error;
  }
}

/** The holder in a lock file; undefined if there is no file, and empty if another program wrote the file. */
async function readHolder(path: string): Promise<Partial<LockHolder> | undefined> {
  const bytes = await readRegularFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const holder = Object(parsed) as Partial<LockHolder>;
    // The id is part of a file name, and a folder may come from somebody else.
    return typeof holder.id === 'string' && UUID.test(holder.id) ? holder : {};
  } catch {
    return {};
  }
}

async function isStale(path: string, present: Partial<LockHolder>, requester: LockHolder): Promise<boolean> {
  const isHere = present.host === requester.host && present.namespace === requester.namespace;
  if (isHere && present.process !== undefined) {
    if (!isSameProcess(present)) return true;
    return present.processStart === undefined && (await millisecondsSinceRenewal(path)) > STALE_ALIVE_MS;
  }
  if (present.slurmTask !== undefined && present.slurmTask === requester.slurmTask) return true;
  return (await millisecondsSinceRenewal(path)) > STALE_MS;
}

/** Whether the process that took a lock on this machine still exists. */
function isSameProcess({ process: pid, processStart }: Partial<LockHolder>): boolean {
  if (!Number.isSafeInteger(pid) || pid! <= 0 || !isProcessAlive(pid!)) return false;
  // The start of a process of another user may be hidden: then it is taken for the same one.
  const start = processStartTime(pid!);
  return processStart === undefined || start === undefined || start === processStart;
}

/** By the clock of the file system, which another machine may share: its own clock may differ. */
async function millisecondsSinceRenewal(path: string): Promise<number> {
  const probe = temporaryName(path);
  try {
    await writeFile(probe, '');
    const [now, renewed] = await Promise.all([stat(probe), stat(path)]);
    return now.mtimeMs - renewed.mtimeMs;
  } finally {
    await rm(probe, { force: true });
  }
}

/**
 * Removes a stale lock. Of several writers that see the same one, only that removes it which creates the file named after it.
 */
async function removeStaleLock(
  path: string,
  stale: Partial<LockHolder>,
  requester: LockHolder,
): Promise<void> {
  const claim = `${path}.claim-${stale.id ?? 'unnamed'}`;
  const file = await createFile(claim, requester);
  if (!file) return waitForClaim(claim, requester);
  try {
    const present = await readHolder(path);
    // An empty lock has no id: it may be a new one.
    const isSame =
      present !== undefined && present.id === stale.id && (await isStale(path, present, requester));
    if (isSame) await rm(path, { force: true });
  } finally {
    await file.close();
    await rm(claim, { force: true });
  }
}

/** Removes what killed writers left of claims. Claims of others have no effect any more: the stale lock is gone. */
async function removeClaims(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.startsWith(`${LOCK_FILE}.claim-`)) await rm(join(folder, name), { force: true }).catch(() => {});
}

/** Waits for the writer that removes the stale lock; one that was killed meanwhile is stale as well. */
async function waitForClaim(claim: string, requester: LockHolder): Promise<void> {
  const holder = await readHolder(claim);
  if (holder && (await isStale(claim, holder, requester).catch(() => false)))
    await rm(claim, { force: true });
  else await new Promise((done) => setTimeout(done, 50));
}

function lockedError(
  path: string,
  { command = 'a program', process: pid, host, since }: Partial<LockHolder>,
): InputError {
  const folder = dirname(path);
  const started = since === undefined ? '' : `, since ${since}`;
  const isElsewhere = host !== hostname();
  const wait = isElsewhere
    ? 'Wait until it ends (if it was killed, its lock ends within a minute)'
    : 'Wait until it ends';
  return new InputError(
    `Expected a folder that nobody else writes, got ${folder}: ${command} writes it (process ${pid ?? 'unknown'} on ` +
      `${host ?? 'an unknown machine'}${started}). ${wait}, or choose another folder`,
    { code: 'locked' },
  );
}

function heldLock(path: string, holder: LockHolder, file: FileHandle): FolderLock {
  const folder = dirname(path);
  const text = JSON.stringify(holder);
  // The contents stay; the file system notes the time.
  const timer = setInterval(() => void file.write(text, 0).catch(() => {}), RENEWAL_MS);
  timer.unref();
  const removeAtExit = () => {
    try {
      if (JSON.parse(readFileSync(path, 'utf8')).id === holder.id) unlinkSync(path);
    } catch {
      // The folder was removed.
    }
  };
  process.on('exit', removeAtExit);
  return {
    holder,
    async expectHeld() {
      const present = await readHolder(path);
      if (present?.id === holder.id) return;
      const reason =
        present === undefined
          ? 'it was removed meanwhile'
          : `${present.command ?? 'another program'} has taken it over (process ${present.process} on ${present.host})`;
      throw new InputError(`Cannot write ${folder}: ${reason}`, { code: 'unwritable' });
    },
    async release() {
      clearInterval(timer);
      process.off('exit', removeAtExit);
      await file.close();
      if ((await readHolder(path))?.id === holder.id) await rm(path, { force: true });
    },
  };
}
