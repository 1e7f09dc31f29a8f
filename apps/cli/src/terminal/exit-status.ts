import { CommanderError } from 'commander';

const FAILED_STATUS = 1;
export const USAGE_STATUS = 2;
const DIVERGED_STATUS = 3;
const INTERRUPTED_STATUS = 130;
export const BROKEN_PIPE_STATUS = 141;

/**
 * The exit status of an error and its message: 0 done; 1 failed; 2 bad usage or input, or a place that cannot be written; 3 the
 * training diverged; 130 interrupted; 141 the reader of the output has closed it.
 */
export function exitStatus(error: unknown): { status: number; message?: string } {
  if (error instanceof CommanderError) return { status: error.exitCode === 0 ? 0 : USAGE_STATUS };
  const { name, message = String(error), stack } = Object(error) as Partial<Error>;
  if (name === 'InputError') return { status: USAGE_STATUS, message: `convlens: ${message}` };
  if (name === 'DivergedError') return { status: DIVERGED_STATUS, message: `convlens: ${message}` };
  if (name === 'AbortError')
    return {
      status: INTERRUPTED_STATUS,
      message:
        'convlens: interrupted; finished epochs are saved (resume with train --resume, or run reproduce again)',
    };
  return { status: FAILED_STATUS, message: `convlens: ${process.env.CONVLENS_DEBUG ? stack : message}` };
}
