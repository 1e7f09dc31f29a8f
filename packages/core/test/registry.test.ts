import { describe, expect, it } from 'vitest';
import { extend, findEntry, idsOf, InputError } from '../src/index.js';

const METHODS = [
  { id: 'grad-cam', title: 'Grad-CAM' },
  { id: 'saliency', title: 'Saliency' },
] as const;

describe('idsOf', () => {
  it('lists the ids in order', () => expect(idsOf(METHODS)).toEqual(['grad-cam', 'saliency']));
});

describe('extend', () => {
  it('returns a new list with the entries at its end and changes no list', () => {
    const entries = [{ id: 'lime', title: 'LIME', samples: 100 }];
    const extended = extend(METHODS, entries);
    expect(extended).toEqual([...METHODS, ...entries]);
    expect([METHODS.length, entries.length]).toEqual([2, 1]);
    expect(extend(METHODS, [])).not.toBe(METHODS);
  });

  it('refuses an id that the list has, and one that occurs twice in the entries', () => {
    const message = (id: string) => `Expected ids that are not in the list yet, got "${id}" twice`;
    expect(() => extend(METHODS, [{ id: 'saliency', title: 'Mine' }])).toThrow(
      new InputError(message('saliency')),
    );
    expect(() => extend(METHODS, [{ id: 'a' }, { id: 'a' }])).toThrow(message('a'));
  });
});

describe('findEntry', () => {
  it('returns the entry itself', () => expect(findEntry('method', 'saliency', METHODS)).toBe(METHODS[1]));

  it.each([
    ['Saliency', '"Saliency"'],
    [undefined, 'undefined'],
    [3, '3'],
  ])('refuses %o and lists the ids', (id, text) => {
    expect(() => findEntry('method', id, METHODS)).toThrow(
      new InputError(`Expected method to be one of grad-cam, saliency, got ${text}`),
    );
  });
});
