export { batches, type BatchesOptions } from './batches.js';
export { parseSplit } from './parse-split.js';
export { split, type SplitOptions, type SplitFrom, type Split } from './split.js';
export { subset, take } from './subset.js';
export { channelStatistics, classCounts } from './statistics.js';
