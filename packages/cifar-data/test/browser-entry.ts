export { browserDownloads, fromFileList } from '@convlens/image-set/files';
export { fromCanvas, toCanvas } from '@convlens/image-set';
export { loadCifar10 } from '../src/index.js';
