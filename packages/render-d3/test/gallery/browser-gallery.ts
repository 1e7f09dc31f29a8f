import { serialize } from '../../src/index.js';
import { GALLERY } from './gallery.js';

/** Called by the test in Chromium: the gallery, rendered with the document of the browser. */
export const renderTexts = (): [name: string, text: string][] =>
  GALLERY.map(({ name, render }) => [name, serialize(render())]);
