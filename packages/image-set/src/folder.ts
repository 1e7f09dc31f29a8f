export { loadFolder, type LoadFolderOptions } from './load-folder.js';
export { decodeImage, type DecodedImage, type DecodeOptions } from './decode-image.js';
export { luminance } from './luminance.js';
export { middlePart, resizeImage, type ResizeOptions } from './resize.js';
