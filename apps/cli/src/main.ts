import { createProgram } from './program.js';
import { exitStatus } from './exit-status.js';

createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    const { status, message } = exitStatus(error);
    if (message) process.stderr.write(`${message}\n`);
    process.exitCode = status;
  });
