export { loadFolder, type LoadFolderOptions } from './datasets/load-folder.js';
export type { FolderSplit } from './datasets/image-files.js';
export { decodeImage, type DecodeImageOptions } from './codecs/decode-image.js';
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
