import { describe, expect, it } from 'vitest';
import { parseSplit } from '../../src/index.js';

describe('parseSplit', () => {
  it.each([
    ['first:0.1', { strategy: 'first', fraction: 0.1 }],
    ['last:.25', { strategy: 'last', fraction: 0.25 }],
    ['shuffled:5000', { strategy: 'shuffled', count: 5000 }],
    ['stratified:2', { strategy: 'stratified', count: 2 }],
  ])('reads %s', (text, options) => expect(parseSplit(text)).toEqual(options));

  it.each([
    ['0.1', '"0.1" is none of first, last, shuffled, stratified'],
    ['First:0.1', '"First" is none of first, last, shuffled, stratified'],
    ['first', 'there must be one ":", before the number'],
    ['first:0.1:2', 'there must be one ":", before the number'],
    ['first:', '"" is not a number'],
    ['first:10%', '"10%" is not a number'],
    ['first:-5', '"-5" is not a number'],
    ['first:1', '1 is neither a fraction between 0 and 1 nor an integer above 1'],
    ['first:0', '0 is neither a fraction between 0 and 1 nor an integer above 1'],
    ['first:2.5', '2.5 is neither a fraction between 0 and 1 nor an integer above 1'],
  ])('refuses %j and gives the reason', (text, reason) => {
    expect(() => parseSplit(text)).toThrow(
      `Expected a split such as "first:0.1" (a tenth) or "shuffled:5000" (5,000 images), got ${JSON.stringify(text)}: ${reason}`,
    );
  });
});
