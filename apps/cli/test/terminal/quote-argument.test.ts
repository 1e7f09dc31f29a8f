import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { quoteArgument } from '../../src/terminal/quote-argument.js';

it.each(['model.mjs', '/a/b-c_1.mjs', 'https://a.b/c:1'])('leaves %s as it is', (argument) => {
  expect(quoteArgument(argument, 'linux')).toBe(argument);
  expect(quoteArgument(argument, 'win32')).toBe(argument);
});

const DANGEROUS = [
  'a b',
  '$(echo x)',
  '`echo x`',
  'a;b',
  "it's",
  "'",
  '"',
  '',
  '*',
  '~',
  'a\\b',
  'a\nb',
  'ü',
  '!x',
  'a&b',
];

it.skipIf(process.platform === 'win32').each(DANGEROUS)('a shell reads %j as one argument', (argument) => {
  const script = `printf %s ${quoteArgument(argument, 'linux')}`;
  expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(argument);
});

// In double quotes cmd replaces %NAME%, and PowerShell $NAME, $(...) and what follows a backtick; PowerShell also ends them at curly ones.
it.each([
  ['C:\\images\\flowers', 'C:\\images\\flowers'],
  ['C:\\my images', '"C:\\my images"'],
  ['a&calc', '"a&calc"'],
  ['a|b>c', '"a|b>c"'],
  ["it's", '"it\'s"'],
  ['%PATH%', '"?PATH?"'],
  ['$(calc)', '"?(calc)"'],
  ['`calc', '"?calc"'],
  ['"&calc&"', '"?&calc&?"'],
  ['\u201d; calc', '"?; calc"'],
  ['a\ncalc', '"a?calc"'],
  ['@list', '"@list"'],
  ['', '""'],
])('on Windows, %j becomes %s', (argument, expected) =>
  expect(quoteArgument(argument, 'win32')).toBe(expected),
);
