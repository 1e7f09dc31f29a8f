import { exitStatus } from './terminal/exit-status.js';
import { createProgram } from './program.js';

// The reader of a pipe may close it: `convlens list | head -1`.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });

createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    const { status, message } = exitStatus(error);
    if (message) {
      const isJson = process.argv.includes('--json');
      process.stderr.write(`${isJson ? JSON.stringify({ event: 'error', status, message }) : message}\n`);
    }
    process.exitCode = status;
  });
