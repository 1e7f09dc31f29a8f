import { CommanderError } from 'commander';

/** 0 done, 1 the run failed, 2 bad usage or input, 130 interrupted; and what to say of it. */
export function exitStatus(error: unknown): { status: number; message?: string } {
  if (error instanceof CommanderError) return { status: error.exitCode === 0 ? 0 : 2 };
  const { name, message = String(error), stack } = Object(error) as Partial<Error>;
  if (name === 'InputError') return { status: 2, message: `convlens: ${message}` };
  if (name === 'AbortError')
    return {
      status: 130,
      message:
        'convlens: interrupted; what is finished is kept (train goes on with --resume, reproduce by itself)',
    };
  return { status: 1, message: `convlens: ${process.env.CONVLENS_DEBUG ? stack : message}` };
}
