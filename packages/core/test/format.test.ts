import { describe, expect, it } from 'vitest';
import { escapeControls, formatCount, formatDuration, formatPercent, randomAt } from '../src/index.js';

describe('formatPercent', () => {
  it.each([
    [0.8498, undefined, '84.98%'],
    [0.8498, 1, '85.0%'],
    [0.8498, 0, '85%'],
    [1, undefined, '100.00%'],
    [0, 1, '0.0%'],
    [-0.25, 0, '-25%'],
    [NaN, undefined, '–'],
  ])('writes %d with %s digits as %s', (fraction, digits, text) => {
    expect(formatPercent(fraction, digits)).toBe(text);
  });
});

describe('formatCount', () => {
  it('separates thousands as Intl does for en-US', () => {
    const intl = new Intl.NumberFormat('en-US');
    const random = randomAt(1);
    const counts = Array.from({ length: 1000 }, () => Math.floor(10 ** (15 * random())));
    for (const count of [0, 999, 1000, 999_999, 1_000_000, -1000, -999, ...counts])
      expect(formatCount(count)).toBe(intl.format(count));
  });

  it.each([
    [0, '0 images'],
    [1, '1 image'],
    [2, '2 images'],
    [12_345, '12,345 images'],
  ])('adds the noun to %d: %s', (count, text) => expect(formatCount(count, 'image')).toBe(text));
});

describe('formatDuration', () => {
  it.each([
    [NaN, '–'],
    [-1, '0 s'],
    [0, '0 s'],
    [59.4, '59 s'],
    [59.5, '1 min 0 s'],
    [185, '3 min 5 s'],
    [3599.6, '1 h 0 min'],
    [7830, '2 h 10 min'],
    [100 * 3600, '100 h 0 min'],
  ])('writes %d seconds as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe('escapeControls', () => {
  it('escapes what JSON escapes, DEL, C1 and what changes the direction or the line of text', () => {
    expect(escapeControls('a\u001b[2Jb\u009b31mc\u007fd\ne\tf')).toBe(
      String.raw`a\u001b[2Jb\u009b31mc\u007fd\u000ae\u0009f`,
    );
    expect(escapeControls('gpj.\u202etxt \u2066x\u2069 \u200f \u061c \u2028')).toBe(
      String.raw`gpj.\u202etxt \u2066x\u2069 \u200f \u061c \u2028`,
    );
  });

  it('leaves everything else, such as letters, emoji and right-to-left letters', () => {
    const text = 'größe, 犬, שלום, 🐸, \u00a0, \\u001b, é';
    expect(escapeControls(text)).toBe(text);
  });

  it('leaves no control character of any code unit, and JSON reads the escapes as those characters', () => {
    const all = String.fromCharCode(...Array.from({ length: 0x3000 }, (_, code) => code));
    const escaped = escapeControls(all);
    expect(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u.test(escaped)).toBe(false);
    const quoted = escapeControls(JSON.stringify(all));
    expect(JSON.parse(quoted)).toBe(all);
  });
});
