export { pickedFiles } from './picked-files.js';
export { readExactly, type ReadExactlyOptions, type ExactBytes } from './read-exactly.js';
