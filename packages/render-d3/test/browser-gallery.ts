import { serialize } from '../src/index.js';
import { drawGallery } from './gallery.js';

// What the test in Chromium calls: the gallery as drawn with the document of the browser.
Object.assign(globalThis, {
  drawTexts: () => Object.entries(drawGallery()).map(([name, svg]) => [name, serialize(svg)]),
});
