import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { decodeWorkers } from '../../src/node.js';
import { decodeImage } from '../../src/folder.js';
import { imageFile } from '../codecs/fixtures.js';

const bytes = imageFile('baseline.jpg');
const { height, width, pixels } = decodeImage(bytes);
const request = { name: 'folder/photo.jpg', bytes, height, width, channels: 3 } as const;

const threads = () =>
  process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length;

describe('decodeWorkers', () => {
  it('decode several images at once, in the order in which threads are free', async () => {
    const decoders = decodeWorkers({ workers: 2 });
    const all = await Promise.all(Array.from({ length: 9 }, () => decoders.decode(request)));
    expect(all).toEqual(Array(9).fill(pixels));
    await decoders.close();
  });

  it('reject what waits when they are closed, and leave no thread', async () => {
    const before = threads();
    const decoders = decodeWorkers({ workers: 2 });
    const results = Promise.allSettled(Array.from({ length: 20 }, () => decoders.decode(request)));
    await decoders.close();
    for (const result of (await results).filter(({ status }) => status === 'rejected'))
      expect(result).toMatchObject({
        reason: {
          name: 'InputError',
          message: expect.stringContaining('folder/photo.jpg: expected threads that are open'),
        },
      });
    expect((await results).at(-1)!.status).toBe('rejected');
    expect(threads()).toBe(before);
    await expect(decoders.decode(request)).rejects.toThrow('start others with decodeWorkers()');
    await decoders.close();
  });

  it('name the image whose thread ended, and decode the next one in another', async () => {
    const started: Worker[] = [];
    const onWorker = (worker: Worker) => void started.push(worker);
    process.on('worker', onWorker);
    const decoders = decodeWorkers({ workers: 1 });
    const result = decoders.decode(request);
    await new Promise((resolve) => process.nextTick(resolve));
    process.off('worker', onWorker);
    void started[0].terminate();
    await expect(result).rejects.toMatchObject({
      name: 'InputError',
      message: 'folder/photo.jpg: the thread that decoded it stopped: it ended',
    });
    expect(await decoders.decode(request)).toEqual(pixels);
    expect(started).toHaveLength(1);
    await decoders.close();
  });

  it('name the image that lacks memory or is no image', async () => {
    const decoders = decodeWorkers({ workers: 1 });
    await expect(decoders.decode({ ...request, height: 2 ** 31 })).rejects.toThrow(/^folder\/photo\.jpg: /);
    const text = { ...request, bytes: new TextEncoder().encode('text') };
    await expect(decoders.decode(text)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('folder/photo.jpg: expected a PNG, JPEG'),
    });
    await decoders.close();
  });

  it('do not keep a process alive', () => {
    const node = fileURLToPath(new URL('../../dist/node.js', import.meta.url));
    const fixture = JSON.stringify([...bytes]);
    const script = `import { decodeWorkers } from ${JSON.stringify(node)};
      const decoders = decodeWorkers({ workers: 2 });
      const request = { name: 'a', bytes: Uint8Array.from(${fixture}), height: 2, width: 2, channels: 3 };
      console.log((await decoders.decode(request)).length);`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 });
    expect(String(output)).toBe('12\n');
  });

  it.each([0, 1.5, NaN])('refuse %f workers', (workers) => {
    expect(() => decodeWorkers({ workers })).toThrow(
      `Expected workers to be an integer >= 1, got ${workers}`,
    );
  });
});
