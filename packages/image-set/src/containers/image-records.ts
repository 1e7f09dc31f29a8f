import type { DecodedImage } from '../codecs/decoded-image.js';
import type { RgbColor } from '../codecs/to-rgb.js';
import type { FolderLayout } from '../layout/folder-layout.js';
import type { ImageFile } from '../layout/image-file.js';

/** An image that was read, with its position among those that were asked for. */
export interface ReadImage {
  readonly position: number;
  readonly name: string;
  readonly image: DecodedImage;
  /** Its size as it is stored. */
  readonly bytes: number;
}

/** The size and the channels that all images of a set have. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** Labeled images that lie in one file, or in several of one kind. */
export interface ImageRecords {
  /** The name of the file, or of the folder around several. */
  readonly location: string;
  readonly layout: FolderLayout;
  /** Those of all splits, in the order of the file. */
  readonly all: readonly ImageFile[];
  /** Undefined where each image may have another size. */
  readonly shape?: ImageShape;
  /** Reads images, in the order that is fastest. */
  images(records: readonly ImageFile[], background?: RgbColor): AsyncIterable<ReadImage>;
}
