export { loadFolder, type LoadFolderOptions, type OpenFolderOptions } from './datasets/load-folder.js';
export { openImages, type OpenImagesOptions } from './stream/open-images.js';
export type { ImageDecoders } from './stream/image-decoders.js';
export type { DecodeRequest } from './stream/decode-pixels.js';
export type { ImageStream, StreamSplit } from './stream/image-stream.js';
export {
  commonImageSize,
  loadImages,
  readImagesLayout,
  type LoadImagesOptions,
  type ReadImagesLayoutOptions,
} from './datasets/load-images.js';
export type { ImageSource } from './sources/image-source.js';
export { readFolderLayout, type FolderLayout, type ReadFolderLayoutOptions } from './layout/folder-layout.js';
export { describeLayout } from './layout/describe-layout.js';
export type { ImageFile } from './layout/image-file.js';
export type { LabelColumns } from './layout/labels-file.js';
export type { PassedOverFiles } from './layout/passed-over.js';
export type { FolderSplit } from './layout/select-files.js';
export type { SplitName } from './layout/split-name.js';
export { decodeImage, readImage, type DecodeImageOptions } from './codecs/decode-image.js';
export type { RgbColor } from './codecs/to-rgb.js';
export type { DecodedImage } from './codecs/decoded-image.js';
export { fitToInput, type FitToInputOptions } from './codecs/fit-to-input.js';
export { luminance } from './codecs/luminance.js';
export {
  centerCrop,
  RESIZE_FITS,
  resizeImage,
  type ResizeFit,
  type ResizeOptions,
  type Size,
} from './codecs/resize.js';

// Types of other packages in these signatures
export type { LabeledImageSet } from '@convlens/core';
export type { RandomAccess } from '@convlens/formats';
export type { BlobReader } from '@convlens/storage';
