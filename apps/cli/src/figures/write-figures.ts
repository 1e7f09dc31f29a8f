import { join } from 'node:path';
import { renderFigures, type FigureSpec } from '@convlens/pipeline';
import type { BlobStore } from '@convlens/storage';
import type { Console } from '../terminal/console.js';
import { renderOptions } from './render-options.js';

/** Writes figures as PNG and SVG into a folder, and prints the path of each. */
export async function writeFigures(
  figures: readonly FigureSpec[],
  { store, console, signal }: { store: BlobStore; console: Console; signal: AbortSignal },
): Promise<void> {
  const onFigure = (name: string) => {
    const file = join(store.location, `${name}.png`);
    console.event('figure', { name, files: [file, file.replace(/png$/, 'svg')] }, file);
  };
  await renderFigures(figures, { ...renderOptions(), store, signal, onFigure });
}
