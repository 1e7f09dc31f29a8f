import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Chunks } from '@convlens/formats';
import { nodeHasher } from '../sources/node-md5.js';
import { expectFreeSpace, isDiskFull, toInputError } from './disk-errors.js';
import type { DownloadCache, PartialFile } from './download-cache.js';
import { abandonedParts, releasePart, reservePart, takeOverPart } from './part-files.js';

const READ_BYTES = 1 << 20;

/** A cache in a folder. Downloads that were interrupted resume from their part files. */
export const partialFiles = (folder: string): DownloadCache => ({
  location: folder,
  createHasher: nodeHasher,
  openPartial: (name, total) => openPartial(folder, { name, total }),
});

/** Opens a new part, or one that its writer has abandoned, and checks that the disk has room for the rest. */
async function openPartial(
  folder: string,
  { name, total }: { name: string; total: number },
): Promise<PartialFile> {
  const path = join(folder, name);
  const part = reservePart(path);
  let file: FileHandle | undefined;
  try {
    let bytes = 0;
    if (await takeOverPart(path, part)) {
      file = await open(part, 'r+');
      ({ size: bytes } = await file.stat());
    }
    if (bytes > total) {
      // The part belongs to another file.
      await file!.truncate();
      bytes = 0;
    }
    await expectFreeSpace(folder, total - bytes);
    return new PartFile({ folder, path, part, total }, { file, bytes });
  } catch (error) {
    releasePart(part);
    await file?.close();
    throw toInputError(error, folder);
  }
}

interface PartFilePaths {
  readonly folder: string;
  /** The path that the file gets when it is complete. */
  readonly path: string;
  /** The path until then. */
  readonly part: string;
  /** The size of the complete file. */
  readonly total: number;
}

class PartFile implements PartialFile {
  bytes: number;
  private file: FileHandle | undefined;

  constructor(
    private readonly paths: PartFilePaths,
    { file, bytes }: { file: FileHandle | undefined; bytes: number },
  ) {
    this.file = file;
    this.bytes = bytes;
  }

  async append(chunk: Uint8Array): Promise<void> {
    try {
      this.file ??= await this.create();
      for (let written = 0; written < chunk.length;) {
        const { bytesWritten } = await this.file.write(chunk, written, chunk.length - written, this.bytes);
        written += bytesWritten;
        this.bytes += bytesWritten;
      }
    } catch (error) {
      // A full disk needs the room.
      if (isDiskFull(error)) await this.clear().catch(() => {});
      throw toInputError(error, this.paths.folder);
    }
  }

  async clear(): Promise<void> {
    this.bytes = 0;
    await this.closeFile();
    await rm(this.paths.part, { force: true });
  }

  async *chunks(): Chunks {
    if (!this.file) return;
    const buffer = new Uint8Array(READ_BYTES);
    for (let position = 0; ;) {
      const { bytesRead } = await this.file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async commit(): Promise<void> {
    const { folder, path, part } = this.paths;
    try {
      await this.file!.sync();
      await this.closeFile();
      await rename(part, path).catch((error) => this.acceptExisting(error));
      // Other parts of this file are not needed any more.
      for (const abandoned of await abandonedParts(path, part)) await rm(abandoned, { force: true });
    } catch (error) {
      throw toInputError(error, folder);
    }
  }

  async close(): Promise<void> {
    releasePart(this.paths.part);
    await this.closeFile();
  }

  private async create(): Promise<FileHandle> {
    await mkdir(dirname(this.paths.path), { recursive: true });
    return open(this.paths.part, 'w+');
  }

  private async closeFile(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }

  /** Windows cannot replace a file that another process reads. If it has the right size it was verified like this one. */
  private async acceptExisting(error: unknown): Promise<void> {
    const { path, part, total } = this.paths;
    const existing = await stat(path).catch(() => undefined);
    if (existing?.size !== total) throw error;
    await rm(part, { force: true });
  }
}
