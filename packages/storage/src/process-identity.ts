import { expectString, expectInteger } from '@convlens/core';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** The name of this machine, in characters that every file system allows. */
export const hostId = (name = hostname()): string =>
  expectString('name', name)
    .replace(/[^\w.]/g, '_')
    .slice(0, 64);

/** Whether a process of this machine exists, also one of another user. */
export function isProcessAlive(pid: number): boolean {
  expectInteger('pid', pid, { min: 1 });
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When a process of this machine was started, in a text of the system: it tells two processes apart that had the same
 * number. Undefined if the system does not say, as outside of Linux.
 */
export function processStartTime(pid: number): string | undefined {
  try {
    // The name of the program, in parentheses, may contain spaces. The start time is field 22, the 20th after it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return fields[19];
  } catch {
    return undefined;
  }
}

/** The number space of the processes that this one sees: containers of one machine may have several. */
export function processNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

/**
 * The machine in at most 24 characters for file names: the beginning of its name, and a checksum of the whole name and of the number
 * space of processes, since a process number means another process in another one.
 */
export function machineId(host = hostname(), namespace = processNamespace() ?? ''): string {
  expectString('host', host);
  expectString('namespace', namespace);
  const checksum = createHash('sha256').update(`${host}\n${namespace}`).digest('hex').slice(0, 8);
  return `${hostId(host).slice(0, 15)}.${checksum}`;
}
