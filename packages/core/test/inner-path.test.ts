import { describe, expect, it } from 'vitest';
import { expectInnerPath, InputError, isInnerPath } from '../src/index.js';

describe('expectInnerPath', () => {
  it.each(['a', 'a/b.png', './a', 'a/./b', '...', 'a..b/c', 'größe', 'class:1/a.png', '-rf', 'ab:c'])(
    'returns %s',
    (path) => expect([expectInnerPath('a.zip', path), isInnerPath(path)]).toEqual([path, true]),
  );

  it.each([
    '',
    '..',
    '../a',
    'a/../../b',
    'a/..',
    '/etc/passwd',
    '//host/share',
    'C:/a',
    'c:a',
    'file:///etc/passwd',
    'FILE:a',
    '..\\a',
    'a\\b',
    '\\\\host\\share',
    'a\0.png',
  ])('refuses %j', (path) => {
    expect(isInnerPath(path)).toBe(false);
    expect(() => expectInnerPath('a.zip', path)).toThrow(
      new InputError(
        `Expected a.zip to name files inside it, such as "folder/file", got ${JSON.stringify(path)}`,
      ),
    );
  });
});
