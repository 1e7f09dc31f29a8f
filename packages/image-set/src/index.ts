export { imageChecksum } from './set/image-checksum.js';
export { batches, type BatchesOptions } from './set/batches.js';
export { parseSplit } from './set/parse-split.js';
export { split, SPLIT_STRATEGIES, type Split, type SplitOptions, type SplitStrategy } from './set/split.js';
export { stratifiedSubset, type StratifiedSubsetOptions } from './set/stratified-subset.js';
export { selectClasses, subset, take } from './set/subset.js';
export { oneHot } from './set/one-hot.js';
export {
  fromArray,
  fromImageData,
  shapeOf,
  toImageData,
  type FromArrayOptions,
  type FromImageDataOptions,
  type ImageDataLike,
  type OwnBytes,
} from './set/image-data.js';
export { fromCanvas, toCanvas, type ToCanvasOptions, type Canvas } from './set/canvas.js';
export { classCounts, pixelStatistics } from './set/statistics.js';

// Types of other packages in these signatures
export type { ImageBatch, ImageSet, Images } from '@convlens/core';
