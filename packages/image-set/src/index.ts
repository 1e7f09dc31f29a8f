export { batches, type BatchesOptions } from './batches.js';
export { parseSplit } from './parse-split.js';
export { split, type SplitOptions, type SplitFrom, type Split } from './split.js';
export { ofClasses, subset, take } from './subset.js';
export { oneHot } from './one-hot.js';
export { fromArray, fromImageData, shapeOf, toImageData, type FromArrayOptions, type FromImageDataOptions, type Rgba } from './image-data.js'; // prettier-ignore
export { fromCanvas, toCanvas } from './canvas.js';
export { channelStatistics, classCounts } from './statistics.js';
