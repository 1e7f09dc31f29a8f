import { expect, it } from 'vitest';
import * as entry from '../src/index.js';

/** Every exported function with options, called with a misspelled option, and the name that the error suggests. */
const MISSPELLED: Readonly<Record<string, [call: () => Promise<unknown>, suggestion: string]>> = {
  svgToPng: [() => entry.svgToPng('<svg/>', { pixelRation: 1 } as object), 'pixelRatio'],
};

it('every exported function is listed here', () =>
  expect(Object.keys(entry)).toEqual(Object.keys(MISSPELLED)));

it.each(Object.entries(MISSPELLED))(
  '%s refuses an unknown option and names the nearest one',
  async (_, [call, suggestion]) => {
    await expect(call()).rejects.toThrow(`did you mean ${suggestion}?`);
  },
);
