import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { expect } from 'vitest';
import { graphFiles, kerasFile } from '../../../../packages/model-import/test/graph/graph-models.js';
import { convlens } from '../convlens.js';

/** Writes the folder of a graph model into `folder`, and returns its path. */
export function writeGraph(folder: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, bytes] of Object.entries(graphFiles(name))) writeFileSync(join(path, file), bytes);
  return path;
}

/** Writes a graph that reads images of any size, the same network as a Keras file, and images of its four classes. */
export function writeGraphAndImages(folder: string): { graph: string; keras: string; images: string } {
  const images = join(folder, 'images');
  for (const [k, name] of ['ant', 'bee', 'cat', 'dog'].entries()) {
    mkdirSync(join(images, name), { recursive: true });
    for (let i = 0; i < 18; i++) {
      const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, n) => (n * (k + 2) + i * 40) % 256);
      writeFileSync(join(images, name, `${i}.png`), encode({ width: 32, height: 32, channels: 3, data }));
    }
  }
  const keras = join(folder, 'any-size.keras');
  writeFileSync(keras, kerasFile('any-size'));
  return { graph: writeGraph(folder, 'any-size'), keras, images };
}

/** Whether a method explains a graph; if not, it is refused by its name, with the way to a layers model. */
export async function isExplained(
  method: string,
  { graph, images, out }: { graph: string; images: string; out: string },
): Promise<boolean> {
  const data = ['--data', images, '--pixels', '0..1', '--backend', 'cpu', '--out', out];
  const { status, stdout, stderr } = await convlens('explain', graph, '--method', method, ...data);
  expect(`${stdout}${stderr}`.length, method).toBeLessThan(5000);
  expect(`${stdout}${stderr}`, method).not.toContain('DT_FLOAT');
  if (status === 0) return true;
  expect(stderr).toContain(`The method ${method} does not take graph models`);
  expect(stderr).toMatch(/save the Keras model as \.keras or \.h5, and open that/);
  expect(status).toBe(2);
  return false;
}
