import { execFile } from 'node:child_process';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { InputError } from '@convlens/core';

const execFileAsync = promisify(execFile);

/** A frame of a stack trace, which ends in a file URL or path, line and column. */
const FRAME = /^\s+at (?:.*\()?(.+?):\d+:\d+\)?$/;

/** Whether a file is code of the user: beside the module or below its folder, and not of an installed package. */
function isUserFile(file: string, module: string): boolean {
  const path = relative(dirname(module), file);
  return !path.startsWith('..') && !path.split(sep).includes('node_modules');
}

/** The frames of a stack trace that are code of the user, as `at FUNCTION (FILE:LINE:COLUMN)`. */
const userFrames = (stack: string, module: string): string[] =>
  stack.split('\n').flatMap((line) => {
    const [, location] = FRAME.exec(line) ?? [];
    if (location === undefined) return [];
    const file = location.startsWith('file:') ? fileURLToPath(location) : location;
    return isUserFile(file, module) ? [`  ${line.trim().replace(location, file)}`] : [];
  });

/** The line of a syntax error, if there is one: stack traces lack it. Node parses the module without running it. */
async function syntaxErrorPlace(module: string): Promise<string[]> {
  try {
    await execFileAsync(process.execPath, ['--check', module]);
    return [];
  } catch (error) {
    const [place, ...lines] = String((error as { stderr?: unknown }).stderr).split('\n');
    const line = /:(\d+)$/.exec(place)?.[1];
    return line === undefined
      ? []
      : [`  at ${module}:${line}`, ...lines.slice(0, 2).map((text) => `  ${text}`)];
  }
}

/** What a module of the user threw: `failure` and the module, its message, and the lines of the user's code that led there. */
export function moduleError(failure: string, error: unknown, module: string): InputError {
  const { message = String(error), stack = '' } = (error ?? {}) as Partial<Error>;
  return new InputError([`${failure} ${module}: ${message}`, ...userFrames(stack, module)].join('\n'));
}

/** Why a module could not be loaded. */
export async function moduleLoadError(error: unknown, module: string): Promise<InputError> {
  const place = error instanceof Error ? await syntaxErrorPlace(module) : [];
  return new InputError([moduleError('Cannot load the module', error, module).message, ...place].join('\n'));
}
