import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Console } from '../../src/terminal/console.js';

const { isTTY } = process.stderr;
let written: string[];

beforeEach(() => {
  written = [];
  process.stderr.isTTY = true;
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = isTTY;
});

const bars = () =>
  written.filter((text) => /epoch 1 .* \d+%/.test(text)).map((text) => /\d+%/.exec(text)![0]);

it('a bar is shown again by its first update after an event has removed it', () => {
  const console = new Console();
  const bar = console.bar('epoch 1');
  bar.update(1, 4);
  expect(bars().at(-1)).toBe('25%');
  console.event('epoch', {}, 'one line');
  expect(written.at(-1)).toBe('one line\n');
  written.length = 0;
  bar.update(3, 4);
  expect(bars()[0]).toBe('75%');
  bar.stop();
});

it('there is no bar without a terminal, or with --json', () => {
  new Console(true).bar('epoch 1').update(1, 4);
  process.stderr.isTTY = false;
  new Console().bar('epoch 1').update(1, 4);
  expect(written).toEqual([]);
});
