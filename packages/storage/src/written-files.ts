import { createHash } from 'node:crypto';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@convlens/core';
import { pathOfOwnFile } from './inside-folder.js';
import { readRegularFile, readTextIfPresent } from './regular-file.js';

/*
 * A folder records what was written into it in the file .convlens-files: a line with the SHA-256 and the name, before
 * each write, as sha256sum writes them. So a file of somebody else is told from one that may be replaced.
 */

export const WRITTEN_FILES = '.convlens-files';

const LINE = /^([0-9a-f]{64}) {2}(.+)$/;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Appends to a file and waits until it is on the disk, so that no file is there before its line. */
async function appendDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.appendFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** A name in one line. */
const toLine = (name: string) => name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

const fromLine = (text: string) => text.replace(/\\(.)/g, (_, letter) => (letter === 'n' ? '\n' : letter));

/** Whether a name is one of `entries`, or is in a folder that is one of them. */
export const isAtOrBelow = (name: string, entries: readonly string[]): boolean =>
  entries.some((entry) => name === entry || name.startsWith(`${entry}/`));

/** The list of what was written into a folder. */
export class WrittenFiles {
  /** Names that this process has written: until it ends, they are its own. */
  private readonly known = new Set<string>();

  private readonly checksums = new Map<string, Set<string>>();
  private isLineComplete = true;

  private constructor(
    private readonly root: string,
    private readonly editable: readonly string[],
  ) {}

  /** Reads the list of a folder; `editable` as in OpenOutputFolderOptions. */
  static async open(root: string, editable: readonly string[] = []): Promise<WrittenFiles> {
    const files = new WrittenFiles(root, editable);
    await files.reload();
    return files;
  }

  /** Adds what other commands have recorded meanwhile, such as an evaluation during a training. */
  private async reload(): Promise<void> {
    const text = await readTextIfPresent(await pathOfOwnFile(this.root, WRITTEN_FILES));
    for (const line of text.split('\n')) {
      const [, checksum, quoted] = LINE.exec(line) ?? [];
      // A killed writer may leave part of a line.
      if (quoted === undefined) continue;
      const name = fromLine(quoted);
      this.checksums.set(name, (this.checksums.get(name) ?? new Set()).add(checksum));
    }
    this.isLineComplete = text === '' || text.endsWith('\n');
  }

  /** Whether the folder has no list, as one that an earlier version wrote. */
  get isEmpty(): boolean {
    return this.checksums.size === 0;
  }

  /** Whether a file of this name was written. */
  hasName(name: string): boolean {
    return this.checksums.has(name);
  }

  /**
   * Whether a file may be replaced or removed: it does not exist, or has a recorded content, or is recorded and editable, or was
   * written by this process.
   */
  async isReplaceable(name: string): Promise<boolean> {
    const path = join(this.root, name);
    const stats = await lstat(path).catch(() => undefined);
    if (!stats) return true;
    if (this.known.has(name)) return true;
    const recorded = this.checksums.get(name);
    if (recorded === undefined || !stats.isFile()) return false;
    return isAtOrBelow(name, this.editable) || recorded.has(sha256(await readRegularFile(path)));
  }

  /** Throws an InputError if a file may not be replaced or removed. */
  async expectReplaceable(name: string): Promise<void> {
    if (await this.isReplaceable(name)) return;
    await this.reload();
    if (await this.isReplaceable(name)) return;
    const origin = this.checksums.has(name)
      ? 'was changed since convlens wrote it'
      : 'was not written by convlens';
    throw new InputError(
      `Expected to replace only what convlens wrote, found ${join(this.root, name)}, which ${origin}: move it away, or ` +
        'choose another folder',
      { code: 'foreign' },
    );
  }

  /** Records a file that is about to be written. */
  async record(name: string, bytes: Uint8Array): Promise<void> {
    const checksum = sha256(bytes);
    this.known.add(name);
    if (this.checksums.get(name)?.has(checksum)) return;
    const line = `${this.isLineComplete ? '' : '\n'}${checksum}  ${toLine(name)}\n`;
    // Part of a line may be written before an error.
    this.isLineComplete = false;
    await appendDurably(await pathOfOwnFile(this.root, WRITTEN_FILES), line);
    this.isLineComplete = true;
    this.checksums.set(name, (this.checksums.get(name) ?? new Set()).add(checksum));
  }
}
