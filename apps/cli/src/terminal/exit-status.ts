import { CommanderError } from 'commander';

/** The exit status of an error (0 done, 1 failed, 2 bad usage or input, 130 interrupted) and its message. */
export function exitStatus(error: unknown): { status: number; message?: string } {
  if (error instanceof CommanderError) return { status: error.exitCode === 0 ? 0 : 2 };
  const { name, message = String(error), stack } = Object(error) as Partial<Error>;
  if (name === 'InputError') return { status: 2, message: `convlens: ${message}` };
  if (name === 'AbortError')
    return {
      status: 130,
      message:
        'convlens: interrupted; finished epochs are saved (resume with train --resume, or run reproduce again)',
    };
  return { status: 1, message: `convlens: ${process.env.CONVLENS_DEBUG ? stack : message}` };
}
