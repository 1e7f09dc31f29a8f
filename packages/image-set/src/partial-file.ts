import { mkdir, open, readdir, rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '@convlens/core';
import { grouped } from './byte-reader.js';
import type { DownloadCache } from './download.js';
import { nodeMd5 } from './folder-files.js';

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A part whose process lives is left to it, unless it has not grown for so long (a number is given to others again). */
const ABANDONED_MS = 120_000;

const opened = new Set<string>();

const isAlive = (pid: number) => {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * Files that arrive in a folder. Each process writes a part of its own, "NAME.part-PROCESS", and takes over what one that
 * is gone has left; so two at once both end right, and a killed one goes on.
 */
export function partialFiles(folder: string): DownloadCache {
  return { location: folder, createMd5: nodeMd5, begin: (name, bytes) => begin(folder, { name, bytes }) };
}

async function begin(folder: string, { name, bytes: total }: { name: string; bytes: number }) {
  const path = join(folder, name);
  let own = `${path}.part-${process.pid}`;
  for (let number = 1; opened.has(own); number++) own = `${path}.part-${process.pid}-${number}`;
  opened.add(own);
  let file: FileHandle | undefined;
  let bytes = 0;
  try {
    if (await adopt(path, own)) {
      file = await open(own, 'r+');
      ({ size: bytes } = await file.stat());
    }
    await expectRoom(folder, total - bytes);
    if (bytes > total) bytes = 0;
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

/** Takes over the longest part that no process works on; true if there was one. */
async function adopt(path: string, own: string): Promise<boolean> {
  const prefix = `${basename(path)}.part-`;
  const names = await readdir(dirname(path)).catch(() => []);
  const parts = await Promise.all(
    names
      .filter((name) => name.startsWith(prefix) && /^\d+(-\d+)?$/.test(name.slice(prefix.length)))
      .map((name) => join(dirname(path), name))
      .filter((part) => !opened.has(part) || part === own)
      .map(async (part) => ({ part, stats: await stat(part).catch(() => undefined) })),
  );
  const free = parts.filter(({ part, stats }) => {
    const pid = Number.parseInt(part.split('.part-').pop()!, 10);
    return stats && (!isAlive(pid) || Date.now() - stats.mtimeMs > ABANDONED_MS);
  });
  free.sort((a, b) => b.stats!.size - a.stats!.size);
  for (const { part } of free) {
    // A rename has one winner.
    const mine = await rename(part, own).then(
      () => true,
      () => false,
    );
    if (!mine) continue;
    for (const other of free) if (other.part !== part) await rm(other.part, { force: true });
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
  const free = found ? found.bavail * found.bsize : Infinity;
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
