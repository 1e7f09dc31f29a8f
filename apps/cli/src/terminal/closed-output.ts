import { BROKEN_PIPE_STATUS, USAGE_STATUS } from './exit-status.js';

/**
 * Ends the process if its output cannot be written. The reader of a pipe may close it (`convlens list | head -1`): then the status
 * is 141, as of programs that SIGPIPE ends. Where the output is a file on a full disk, a message says so. Finished epochs are saved.
 */
export function endOnClosedOutput(): void {
  for (const [name, stream] of [
    ['stdout', process.stdout],
    ['stderr', process.stderr],
  ] as const)
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE' || code === 'EIO') process.exit(BROKEN_PIPE_STATUS);
      if (name === 'stdout') process.stderr.write(`convlens: cannot write to stdout: ${message}\n`);
      process.exit(USAGE_STATUS);
    });
}
