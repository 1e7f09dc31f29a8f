import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type * as resvgWasm from '@resvg/resvg-wasm';

/** The class of resvg, after its WebAssembly has started. */
export type Resvg = typeof resvgWasm.Resvg;

let resvg: Promise<Resvg> | undefined;

async function start(): Promise<Resvg> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  const path = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  await initWasm(await readFile(path)).catch((error: Error) => {
    // The program may use it too, and it starts only once.
    if (!error.message.startsWith('Already initialized')) throw error;
  });
  return Resvg;
}

/** Loads resvg at the first call. */
export const loadResvg = (): Promise<Resvg> => (resvg ??= start());
