import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { randomAt, type Random } from '../../packages/core/src/index.js';
import { expect } from 'vitest';

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff];

/** Bytes with a few faults of the kinds that files have: flipped, replaced, lost, repeated and cut off. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let result: Uint8Array = bytes.slice();
  const below = (count: number) => Math.floor(random() * count);
  // Heads decide most, so half of the faults lie there.
  const place = () => below(random() < 0.5 ? Math.min(256, result.length) : result.length);
  for (let faults = 1 + below(4); faults > 0 && result.length > 0; faults--) {
    const at = place();
    const kind = below(6);
    if (kind === 0) result[at] ^= 1 << below(8);
    else if (kind === 1) result[at] = EXTREMES[below(EXTREMES.length)];
    else if (kind === 2) result.fill(EXTREMES[below(EXTREMES.length)], at, at + 4);
    else if (kind === 3) result = result.slice(0, at);
    else
      result = joined(
        result.subarray(0, at),
        result.subarray(Math.max(0, at + (kind === 4 ? 1 : -8) + below(8))),
      );
  }
  return result;
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const both = new Uint8Array(head.length + tail.length);
  both.set(head);
  both.set(tail, head.length);
  return both;
}

export interface Survey {
  readonly read: number;
  readonly refused: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** So that what is measured is what an input takes, and not when garbage happens to be collected. */
const INPUTS_A_COLLECTION = 500;

const STATUS = '/proc/self/status';

/** Forgets the most memory that this process ever took, where the system can (Linux). */
function restartPeak(): void {
  if (existsSync(STATUS)) writeFileSync('/proc/self/clear_refs', '5');
}

function peakBytes(): number {
  const kib = existsSync(STATUS) ? /VmHWM:\s*(\d+)/.exec(readFileSync(STATUS, 'utf8'))![1] : undefined;
  return Number(kib ?? process.resourceUsage().maxRSS) * 1024;
}

/**
 * Lets a parser read `count` damaged copies: each must be read, or refused with an InputError that says what was expected.
 * The most memory that is taken at any moment must stay within `megabytes` above what it was.
 */
export async function survives(
  original: Uint8Array,
  {
    parse,
    count,
    megabytes = 64,
  }: { parse: (bytes: Uint8Array) => unknown; count: number; megabytes?: number },
): Promise<Survey> {
  collectGarbage();
  restartPeak();
  const before = process.memoryUsage.rss();
  let read = 0;
  let refused = 0;
  for (let i = 0; i < count; i++) {
    if (i % INPUTS_A_COLLECTION === 0) collectGarbage();
    try {
      await parse(mutate(original, randomAt(i, 'mutate')));
      read++;
    } catch (error) {
      const { name, message } = Object(error) as Error;
      if (name !== 'InputError' || !/expected/i.test(message))
        throw new Error(`input ${i}: ${name}: ${message}`, { cause: error });
      refused++;
    }
  }
  expect((peakBytes() - before) / 2 ** 20).toBeLessThan(megabytes);
  return { read, refused };
}
