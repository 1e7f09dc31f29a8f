import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';
import { mkdir, open, readdir, rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '@convlens/core';
import { grouped } from './byte-reader.js';
import type { DownloadCache } from './download.js';
import { nodeMd5 } from './folder-files.js';

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A part that someone may be writing is left alone, unless it has not grown for so long. */
const ABANDONED_MS = 120_000;

/** The name of this machine, of letters that any file name can have. */
const HOST = hostname()
  .replace(/[^\w.]/g, '_')
  .slice(0, 64);
const OWN = `${HOST}-${process.pid}-${threadId}`;

/** Machine, process, thread, and a number where a thread has several. */
const OWNER = /^([\w.]+)-(\d+)-(\d+)(?:-\d+)?$/;

const opened = new Set<string>();

/** Whether the thread that writes a part lives. Of another machine (folders are shared, containers too) nobody knows. */
const mayLive = (owner: string) => {
  const [, host, pid, thread] = OWNER.exec(owner)!;
  if (host !== HOST) return true;
  // Of its own thread only parts of an earlier process with the same number are left here.
  if (Number(pid) === process.pid) return Number(thread) !== threadId;
  return isAlive(Number(pid));
};

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * Files that arrive in a folder. Each thread writes a part of its own, "NAME.part-MACHINE-PROCESS-THREAD", and takes over
 * what one that is gone has left; so two at once both end right, and a killed one goes on.
 */
export function partialFiles(folder: string): DownloadCache {
  return { location: folder, createMd5: nodeMd5, begin: (name, bytes) => begin(folder, { name, bytes }) };
}

async function begin(folder: string, { name, bytes: total }: { name: string; bytes: number }) {
  const path = join(folder, name);
  let own = `${path}.part-${OWN}`;
  for (let number = 1; opened.has(own); number++) own = `${path}.part-${OWN}-${number}`;
  opened.add(own);
  let file: FileHandle | undefined;
  let bytes = 0;
  try {
    if (await adopt(path, own)) {
      file = await open(own, 'r+');
      ({ size: bytes } = await file.stat());
    }
    if (bytes > total) {
      // It is a part of another file.
      await file!.truncate();
      bytes = 0;
    }
    await expectRoom(folder, total - bytes);
  } catch (error) {
    opened.delete(own);
    await file?.close();
    throw explained(error, folder);
  }
  const openNew = async () => {
    await mkdir(dirname(path), { recursive: true });
    return open(own, 'w+');
  };
  const drop = async () => {
    bytes = 0;
    await file?.close();
    file = undefined;
    await rm(own, { force: true });
  };
  return {
    get bytes() {
      return bytes;
    },
    async append(chunk: Uint8Array) {
      try {
        file ??= await openNew();
        for (let at = 0; at < chunk.length;) {
          const { bytesWritten } = await file.write(chunk, at, chunk.length - at, bytes);
          at += bytesWritten;
          bytes += bytesWritten;
        }
      } catch (error) {
        // A disk that is full has use for the room.
        if (FULL.includes((error as NodeJS.ErrnoException).code ?? '')) await drop().catch(() => {});
        throw explained(error, folder);
      }
    },
    restart: drop,
    async *chunks() {
      if (!file) return;
      const buffer = new Uint8Array(1 << 20);
      for (let at = 0; ;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    },
    async commit() {
      try {
        await file!.sync();
        await file!.close();
        file = undefined;
        await rename(own, path).catch(async (error) => {
          // Windows renames onto no file that another process reads; if it is there, it was verified like this one.
          if ((await stat(path).catch(() => undefined))?.size !== total) throw error;
          await rm(own, { force: true });
        });
        // Nobody will ask for those that were left meanwhile.
        for (const part of await freeParts(path, own)) await rm(part, { force: true });
      } catch (error) {
        throw explained(error, folder);
      }
    },
    async release() {
      opened.delete(own);
      await file?.close();
      file = undefined;
    },
  };
}

/** The parts of a file that nobody works on, the longest first. */
async function freeParts(path: string, own: string): Promise<string[]> {
  const prefix = `${basename(path)}.part-`;
  const names = await readdir(dirname(path)).catch(() => []);
  const parts = await Promise.all(
    names
      .filter((name) => name.startsWith(prefix) && OWNER.test(name.slice(prefix.length)))
      .map((name) => join(dirname(path), name))
      .filter((part) => !opened.has(part) || part === own)
      .map(async (part) => ({ part, stats: await stat(part).catch(() => undefined) })),
  );
  return parts
    .flatMap(({ part, stats }) => {
      const owner = basename(part).slice(prefix.length);
      const isFree = stats && (!mayLive(owner) || Date.now() - stats.mtimeMs > ABANDONED_MS);
      return isFree ? [{ part, size: stats.size }] : [];
    })
    .sort((a, b) => b.size - a.size)
    .map(({ part }) => part);
}

/** Takes over the longest part that nobody works on, and removes the others; true if there was one. */
async function adopt(path: string, own: string): Promise<boolean> {
  const free = await freeParts(path, own);
  for (const part of free) {
    // A rename has one winner.
    const mine = await rename(part, own).then(
      () => true,
      () => false,
    );
    if (!mine) continue;
    for (const other of free) if (other !== part) await rm(other, { force: true });
    return true;
  }
  return false;
}

async function expectRoom(folder: string, needed: number): Promise<void> {
  let place = folder;
  let found = await statfs(place).catch(() => undefined);
  while (!found && dirname(place) !== place) {
    place = dirname(place);
    found = await statfs(place).catch(() => undefined);
  }
  // Some systems that are no disks say that they have none.
  const free = found?.blocks ? found.bavail * found.bsize : Infinity;
  if (free < needed)
    throw new InputError(
      `The disk is full: ${grouped(needed)} bytes are to come into ${folder}, where ${grouped(free)} are free. ` +
        'Make room, or name another folder (on the command line --data-dir)',
    );
}

function explained(error: unknown, folder: string): unknown {
  const { code = '', message, name } = Object(error) as NodeJS.ErrnoException;
  if (name === 'InputError') return error;
  if (FULL.includes(code))
    return new InputError(
      `The disk is full (${code}): ${folder} took no more of the download, whose part was removed; what was there ` +
        'before is as it was. Make room, or name another folder (on the command line --data-dir)',
    );
  return new InputError(`Expected a folder that can be written, got ${folder}: ${message}`);
}
