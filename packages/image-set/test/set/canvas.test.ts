import { describe, expect, it } from 'vitest';
import { fromCanvas, toCanvas } from '../../src/index.js';

// The canvases of a browser are tested in cifar-data/test/browser.test.ts.
describe('fromCanvas and toCanvas', () => {
  const canvas = { getContext: () => null } as unknown as HTMLCanvasElement;
  const images = {
    name: 'a',
    pixels: Uint8Array.of(1),
    count: 1,
    height: 1,
    width: 1,
    channels: 1,
    classNames: [],
  };

  it('refuse a canvas without a 2d context', () => {
    const message = 'Expected a canvas with a 2d context, got one that has another';
    expect(() => fromCanvas([canvas])).toThrow(message);
    expect(() => toCanvas(images, { index: 0, canvas })).toThrow(message);
  });
});
