export * from '../src/browser.js';
export { substore } from '@convlens/storage';
