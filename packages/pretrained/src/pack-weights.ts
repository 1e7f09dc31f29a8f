import { InputError } from '@convlens/core';
import type * as tf from '@tensorflow/tfjs';
import { toBinary16 } from './binary16.js';

/** The data of a safetensors file begin at a multiple of it. */
const ALIGNMENT = 8;

/**
 * The weights of a model as a safetensors file of 16-bit floats (IEEE 754 binary16, rounded to the nearest, of two equally
 * near to the even one), each under its layer's name and its own: "conv1/kernel". Half the size; any tool that reads
 * safetensors reads it.
 *
 * @throws InputError that names a weight which is no number, or too large for 16 bits (65,520 and above).
 */
export function packWeights(model: tf.LayersModel): Uint8Array {
  const header: Record<string, object> = {};
  const parts: Uint16Array[] = [];
  let offset = 0;
  for (const weight of model.weights) {
    const { originalName: name, shape } = weight;
    const values = weight.read().dataSync<'float32'>();
    const halves = Uint16Array.from(values, toBinary16);
    const wrong = halves.findIndex((bits) => (bits & 0x7c00) === 0x7c00);
    if (wrong >= 0)
      throw new InputError(
        `Expected ${name} to hold numbers below 65520, got ${values[wrong]} at value ${wrong}`,
      );
    header[name] = { dtype: 'F16', shape, data_offsets: [offset, offset + halves.byteLength] };
    offset += halves.byteLength;
    parts.push(halves);
  }
  const text = JSON.stringify(header);
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(8 + length + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.set(new TextEncoder().encode(text.padEnd(length)), 8);
  let at = 8 + length;
  for (const part of parts) for (const bits of part) view.setUint16((at += 2) - 2, bits, true);
  return bytes;
}
