import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { quoteArgument } from '../../src/terminal/quote-argument.js';

it.each(['model.mjs', '/a/b-c_1.mjs', 'https://a.b/c:1'])('leaves %s as it is', (argument) =>
  expect(quoteArgument(argument)).toBe(argument),
);

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
  const script = `printf %s ${quoteArgument(argument)}`;
  expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(argument);
});
