import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInside } from '../../src/data/is-inside.js';

describe.each([
  ['Linux and macOS', posix, '/data/flowers', '/'],
  ['Windows', win32, 'C:\\data\\flowers', 'C:\\'],
])('on %s', (_, rules, parent, root) => {
  it.each(['', 'sheet', 'a/b/c', '..sheet', '...'])('holds %j', (inner) =>
    expect(isInside(rules.join(parent, inner), parent, rules)).toBe(true),
  );

  it.each(['..', '../flowers2', '../other', '../..', '../flowers2/sheet'])('does not hold %j', (outer) =>
    expect(isInside(rules.join(parent, outer), parent, rules)).toBe(false),
  );

  it('the root holds every folder', () => expect(isInside(parent, root, rules)).toBe(true));
});

it.each([
  ['C:\\Data\\FLOWERS\\sheet', true],
  ['c:\\data\\flowers', true],
  ['D:\\data\\flowers\\sheet', false],
  ['\\\\server\\share\\data\\flowers', false],
])('on Windows, C:\\data\\flowers holds %s: %s', (folder, expected) =>
  expect(isInside(folder, 'C:\\data\\flowers', win32)).toBe(expected),
);
