export * from '../src/browser.js';
export { substore } from '../src/index.js';
