import { statSync } from 'node:fs';
import { archiveFiles, type FileSource } from '@convlens/image-set/files';
import { folderFiles, localFile } from '@convlens/image-set/node';

/** The files of the user's images at a path: those in a folder, or in an archive. */
export const userSource = async (path: string): Promise<FileSource> =>
  isFile(path) ? archiveFiles(await localFile(path)) : folderFiles(path);

/** Whether a path leads to something else than a folder. */
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
