import { RESIZE_FITS, type ResizeFit } from '@convlens/image-set/folder';
import type { RunSettings } from '@convlens/pipeline';
import { Option, type Command } from 'commander';
import { backgroundOption, parseSize } from './common-options.js';

/** The flags that say how the images of a folder are read. */
export interface FolderFlags extends Pick<RunSettings, 'size' | 'background' | 'labels'> {
  fit?: ResizeFit;
}

/** Adds the options that say how the images of a folder are read. */
export const addFolderOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--size <size>',
        'height and width that images of a folder are resized to, such as 64 or 48x64; default: what most of them have, up to 64',
      ).argParser(parseSize),
    )
    .addOption(
      new Option(
        '--fit <fit>',
        'how images of a folder of another aspect ratio are resized; default: center-crop',
      ).choices(RESIZE_FITS),
    )
    .addOption(backgroundOption())
    .option(
      '--labels <file>',
      'the CSV file in a folder with the classes of its images, and its columns: labels.csv:id,label; default: found',
    );
