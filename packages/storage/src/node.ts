export { writeFileAtomically, type AtomicFile } from './atomic-write.js';
export { folderStore } from './folder-store.js';
