import { accumulatorBytes, allocateAccumulators, type ChannelAdder } from './channel-accumulators.js';
import { SLOT_SHIFT, SLOTS, slotTable } from './channel-slots.js';

/** Adds values in JavaScript, in passes that touch few arrays each: faster than a single pass. */
export function scalarAdder(channels: number): ChannelAdder {
  const accumulators = allocateAccumulators(new ArrayBuffer(accumulatorBytes(channels)), channels);
  const { sums, squares, positiveSums, positiveSquares, mins, maxs, counts } = accumulators;
  const slots = slotTable();
  const add = (values: Float32Array, rectified: boolean) => {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    for (let i = 0; i < values.length; i += channels)
      for (let c = 0; c < channels; c++) {
        const value = values[i + c];
        sums[c] += value;
        squares[c] += value * value;
      }
    for (let i = 0; i < values.length; i += channels)
      for (let c = 0; c < channels; c++) {
        const value = values[i + c];
        if (value < mins[c]) mins[c] = value;
        if (value > maxs[c]) maxs[c] = value;
      }
    for (let i = 0; i < values.length; i += channels)
      for (let c = 0; c < channels; c++) counts[c * SLOTS + slots[bits[i + c] >>> SLOT_SHIFT]]++;
    for (let i = 0; rectified && i < values.length; i += channels)
      for (let c = 0; c < channels; c++) {
        const value = Math.max(0, values[i + c]);
        positiveSums[c] += value;
        positiveSquares[c] += value * value;
      }
  };
  return { accumulators, add };
}
