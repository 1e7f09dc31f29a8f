export { writeFileAtomically, type AtomicFile } from './atomic/atomic-write.js';
export { lockFolder, type FolderLock, type LockFolderOptions, type LockHolder } from './folder-lock.js';
export { folderStore } from './folder-store.js';
export { openOutputFolder, type OpenOutputFolderOptions, type OutputFolder } from './output-folder.js';
export { hostId, isProcessAlive, machineId } from './process-identity.js';
export { expectRegularFile, readRegularFile, type ReadRegularFileOptions } from './regular-file.js';
export { whyReadOnly } from './write-errors.js';
