import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { exitStatus } from '../src/terminal/exit-status.js';
import { createProgram } from '../src/program.js';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, as the program does, and captures its output. */
export async function convlens(...args: string[]): Promise<Outcome> {
  const output = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      output[stream] += text;
      return true;
    }),
  );
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return { status: 0, ...output };
  } catch (error) {
    const { status, message = '' } = exitStatus(error);
    return { status, ...output, stderr: output.stderr + message };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** The built program. */
export const PROGRAM = fileURLToPath(new URL('../bin/convlens.js', import.meta.url));

/** Starts the built program in a new process. */
export function startConvlens(...args: string[]): {
  child: ChildProcess;
  events: () => Record<string, unknown>[];
} {
  const child = spawn(process.execPath, [PROGRAM, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  child.stdout!.on('data', (text) => (stdout += text));
  const events = () => stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line)); // prettier-ignore
  return { child, events };
}

/** The files below a folder, without the record of what was written. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.convlens-files')
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
    .sort();
