import { accumulatorBytes, allocateAccumulators, type ChannelAdder } from './channel-accumulators.js';
import { SLOTS, slotTable } from './channel-slots.js';
import { CHANNEL_COUNTS_WASM } from './channel-counts.wasm.js';

/** The most bytes of values that WebAssembly reads in one call. */
const CHUNK_BYTES = 2 ** 18;

const PAGE_BYTES = 65536;

/** The slot table lies at the start of the memory; chunk and accumulators follow. */
const TABLE_OFFSET = 0;

let wasmModule: WebAssembly.Module | undefined;

function compile(): WebAssembly.Module {
  wasmModule ??= new WebAssembly.Module(Uint8Array.from(atob(CHANNEL_COUNTS_WASM), (c) => c.charCodeAt(0)));
  return wasmModule;
}

/**
 * Adds values by WebAssembly SIMD, about five times as fast as `scalarAdder` and with the same results.
 *
 * @throws Error if the runtime has no SIMD, or may not compile WebAssembly.
 */
export function simdAdder(channels: number): ChannelAdder {
  const slots = slotTable();
  const chunkLength = Math.max(1, Math.floor(CHUNK_BYTES / 4 / channels)) * channels;
  const chunkOffset = slots.byteLength;
  const accumulatorOffset = chunkOffset + 16 * Math.ceil(chunkLength / 4);
  const bytes = accumulatorOffset + accumulatorBytes(channels);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  const { exports } = new WebAssembly.Instance(compile(), { env: { memory } });
  const [addChunk, addPositive] = [exports.add, exports.addPositive] as ((...args: number[]) => void)[];

  new Uint16Array(memory.buffer, TABLE_OFFSET, slots.length).set(slots);
  const chunk = new Float32Array(memory.buffer, chunkOffset, chunkLength);
  const accumulators = allocateAccumulators(memory.buffer, channels, accumulatorOffset);
  const { sums, squares, positiveSums, positiveSquares, mins, maxs, counts } = accumulators;
  const offsets = [sums, squares, mins, maxs, counts].map(({ byteOffset }) => byteOffset);
  const positiveOffsets = [positiveSums, positiveSquares].map(({ byteOffset }) => byteOffset);

  const add = (values: Float32Array, rectified: boolean) => {
    for (let start = 0; start < values.length; start += chunkLength) {
      const part = values.subarray(start, start + chunkLength);
      const positions = part.length / channels;
      chunk.set(part);
      addChunk(chunkOffset, positions, channels, SLOTS, TABLE_OFFSET, ...offsets);
      if (rectified) addPositive(chunkOffset, positions, channels, ...positiveOffsets);
    }
  };
  return { accumulators, add };
}
