import { dirname, join } from 'node:path';
import { cacheFolder } from '@convlens/image-set/node';
import { readText, writeText } from '@convlens/storage';
import { folderStore } from '@convlens/storage/node';

/*
 * Run folders are given to others, so they do not say where on this machine the images lie, and nothing is opened because a run folder
 * names it. The places are remembered in the user's cache folder, one file per checksum of the training images: whoever has
 * trained on these images here finds them again.
 */
const rememberedFolders = () => folderStore(join(dirname(cacheFolder()), 'folders'));

const CHECKSUM = /^[0-9a-f]{64}$/;

/** Remembers where the files of the training images with a checksum lie. Returns whether that could be written. */
export async function rememberFolder(checksum: string, folder: string): Promise<boolean> {
  try {
    await writeText(rememberedFolders(), checksum, `${folder}\n`);
    return true;
  } catch {
    return false;
  }
}

/** The absolute path of the folder that was remembered for a checksum; undefined if there is none. */
export async function rememberedFolder(checksum: string | undefined): Promise<string | undefined> {
  if (checksum === undefined || !CHECKSUM.test(checksum)) return undefined;
  const text = await readText(rememberedFolders(), checksum).catch(() => undefined);
  return text?.trim() || undefined;
}
