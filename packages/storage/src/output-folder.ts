import { access, constants, mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expectString, expectOptions, InputError, type OptionNames } from '@convlens/core';
import type { BlobStore } from './blob-store.js';
import { lockFolder, type FolderLock } from './folder-lock.js';
import { folderStore, isOwnName } from './folder-store.js';
import { pathInside } from './inside-folder.js';
import { isTemporaryName, removeAbandonedFiles } from './temporary-names.js';
import { toWriteError } from './write-errors.js';
import { isAtOrBelow, WRITTEN_FILES, WrittenFiles } from './written-files.js';

export interface OpenOutputFolderOptions {
  /** What messages to other writers call this one, such as "convlens train". Default 'convlens'. */
  readonly command?: string;
  /** Whether to be the only writer of the folder. Default true. */
  readonly lock?: boolean;
  /** Whether the folder was created for these results, and is removed if nothing is written. Default false. */
  readonly isNew?: boolean;
  /**
   * Names that will be written: it is refused at once if a file of somebody else has one of them, or is below one of them.
   * Default none; each is checked when it is written.
   */
  readonly replaces?: readonly string[];
  /** Names of files and folders that may be replaced in a folder without a list of written files. Default none. */
  readonly adopts?: readonly string[];
  /**
   * Names of files and folders that may be replaced although they were changed since convlens wrote them: people edit them, and
   * the program makes the new version from the old one. Default none.
   */
  readonly editable?: readonly string[];
}

const OPEN_OUTPUT_FOLDER_OPTIONS: OptionNames<OpenOutputFolderOptions> = {
  command: true,
  lock: true,
  isNew: true,
  replaces: true,
  adopts: true,
  editable: true,
};

/** A folder into which a program writes its results. */
export interface OutputFolder extends BlobStore {
  /** Throws an InputError if a file that this software did not write has this name, or is below it. */
  expectReplaceable(name: string): Promise<void>;
  /** Throws an InputError if the folder was removed, or another program has taken it over. */
  expectHeld(): Promise<void>;
  /** Ends the lock, and removes the folder if it was created and nothing was written. */
  close(): Promise<void>;
}

/**
 * Opens a folder for results. It replaces and removes only files that this software has written: it records them, with their
 * checksums, in the file .convlens-files. It is locked (see `lockFolder`), and the temporary files of killed writers are removed.
 * Without a lock, a folder that does not exist is created at the first write.
 *
 * @throws InputError with the code 'locked' if another program writes the folder, 'foreign' if a file of somebody else would be
 *   replaced, 'unwritable' if it cannot be written. Its methods throw it too.
 */
export async function openOutputFolder(
  folder: string,
  options: OpenOutputFolderOptions = {},
): Promise<OutputFolder> {
  expectOptions('openOutputFolder', options, OPEN_OUTPUT_FOLDER_OPTIONS);
  expectString('folder', folder);
  const { command, lock: isLocked = true, isNew = false, replaces = [], adopts = [], editable } = options;
  const root = resolve(folder);
  const exists = isLocked || (await stat(root).catch(() => undefined)) !== undefined;
  const created = isLocked ? await createFolder(root) : undefined;
  const firstCreated = created ?? (isNew ? root : undefined);
  const lock = isLocked ? await lockFolder(root, { command }) : undefined;
  try {
    const written = await WrittenFiles.open(root, editable);
    await removeAbandonedFiles(root, (path) => written.hasName(nameIn(root, path)));
    const output = new RecordedFolder(root, written, { lock, firstCreated, exists });
    if (adopts.length > 0) await output.adopt(adopts);
    for (const name of replaces) await output.expectReplaceable(name);
    return output;
  } catch (error) {
    await lock?.release();
    if (firstCreated !== undefined) await removeEmptyFolders(root, firstCreated);
    throw error;
  }
}

/** Creates a folder; returns the first folder of its path that did not exist. */
const createFolder = (root: string): Promise<string | undefined> =>
  mkdir(root, { recursive: true }).catch(async (error) => {
    // Where the parent may not be written, Node may say that there is none.
    await access(await existingParent(root), constants.W_OK).catch((parentError) => {
      throw toWriteError(parentError, root);
    });
    throw toWriteError(error, root);
  });

/** The nearest folder above a path that exists. */
async function existingParent(path: string): Promise<string> {
  const parent = dirname(path);
  const exists = parent === path || (await stat(parent).catch(() => undefined)) !== undefined;
  return exists ? parent : existingParent(parent);
}

/** Removes folders from `root` up to `first`, as long as they are empty. */
async function removeEmptyFolders(root: string, first: string): Promise<void> {
  try {
    for (let folder = root; ; folder = dirname(folder)) {
      await rmdir(folder);
      if (folder === first) return;
    }
  } catch {
    // It has files, or was removed.
  }
}

interface FolderState {
  readonly lock: FolderLock | undefined;
  readonly firstCreated: string | undefined;
  /** Whether the folder existed when it was opened: then one that is gone was removed, and is not created again. */
  readonly exists: boolean;
}

class RecordedFolder implements OutputFolder {
  readonly location: string;
  private readonly store: BlobStore;
  private firstCreated: string | undefined;

  constructor(
    private readonly root: string,
    private readonly written: WrittenFiles,
    private readonly state: FolderState,
  ) {
    this.location = root;
    this.firstCreated = state.firstCreated;
    this.store = folderStore(root);
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.store.read(name);
  }

  list(prefix?: string): Promise<string[]> {
    return this.store.list(prefix);
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.prepareWrite(name);
    await this.written.expectReplaceable(name);
    try {
      await this.written.record(name, bytes);
    } catch (error) {
      throw toWriteError(error, join(this.root, name));
    }
    await this.store.write(name, bytes);
  }

  async remove(name: string): Promise<void> {
    await this.prepareWrite(name);
    // Also the files of other writers: the folder is removed as a whole.
    for (const file of await filesAt(this.root, name)) await this.written.expectReplaceable(file);
    await this.store.remove(name);
  }

  async expectReplaceable(name: string): Promise<void> {
    for (const file of await filesAt(this.root, name))
      if (!isKeptForItself(file)) await this.written.expectReplaceable(file);
  }

  async expectHeld(): Promise<void> {
    await this.state.lock?.expectHeld();
  }

  /** Records files that may be replaced, if the folder has no list of written files. Later commands know them by it. */
  async adopt(adopted: readonly string[]): Promise<void> {
    if (!this.written.isEmpty) return;
    const present = await this.store.list();
    for (const name of present.filter((name) => isAtOrBelow(name, adopted))) {
      const bytes = await this.store.read(name);
      if (bytes) await this.written.record(name, bytes);
    }
  }

  async close(): Promise<void> {
    const {
      firstCreated,
      state: { lock },
    } = this;
    const isEmpty = firstCreated !== undefined && (await this.store.list()).length === 0;
    // Before another writer can have the lock, whose record it would be.
    if (isEmpty) await rm(join(this.root, WRITTEN_FILES), { force: true });
    await lock?.release();
    if (isEmpty) await removeEmptyFolders(this.root, firstCreated);
  }

  private async prepareWrite(name: string): Promise<void> {
    await pathInside(this.root, name);
    const { lock, exists } = this.state;
    if (lock) await lock.expectHeld();
    else if (!exists) this.firstCreated ??= await createFolder(this.root);
    else if ((await stat(this.root).catch(() => undefined)) === undefined)
      throw new InputError(`Cannot write ${this.root}: it was removed meanwhile`, { code: 'unwritable' });
  }
}

/** The name of a path in a folder. */
const nameIn = (root: string, path: string): string => relative(root, path).split(sep).join('/');

/** Whether a file is the lock or the list of written files of a folder, or an unfinished write. */
function isKeptForItself(file: string): boolean {
  const name = file.split('/').at(-1)!;
  return isOwnName(name) || isTemporaryName(name);
}

/** The names of all entries at and below a name, other than folders. */
async function filesAt(root: string, name: string): Promise<string[]> {
  const path = await pathInside(root, name);
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTDIR') return undefined;
      if (error.code === 'ENOENT') return [];
      throw toWriteError(error, path);
    },
  );
  if (entries === undefined) return [name];
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => nameIn(root, join(entry.parentPath, entry.name)))
    .sort();
}
