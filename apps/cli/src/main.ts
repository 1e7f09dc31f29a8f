import { endOnClosedOutput } from './terminal/closed-output.js';
import { exitStatus } from './terminal/exit-status.js';
import { createProgram } from './program.js';

endOnClosedOutput();

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
