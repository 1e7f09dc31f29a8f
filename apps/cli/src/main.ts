import { endOnClosedOutput } from './terminal/closed-output.js';
import { escapeLines, escapeMessage } from './terminal/escape-lines.js';
import { exitStatus } from './terminal/exit-status.js';
import { createProgram } from './program.js';

endOnClosedOutput();

createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    const { status, message } = exitStatus(error);
    if (message) {
      const isJson = process.argv.includes('--json');
      const text = isJson
        ? escapeLines(JSON.stringify({ event: 'error', status, message }))
        : escapeMessage(message);
      process.stderr.write(`${text}\n`);
    }
    process.exitCode = status;
  });
