import { library } from '../../tsup.base.ts';

export default library([
  ...['src/index.ts', 'src/shapes.ts', 'src/files.ts', 'src/folder.ts', 'src/node.ts'],
  // The module of the threads of decodeWorkers, which nobody imports.
  'src/stream/decode-worker.ts',
]);
