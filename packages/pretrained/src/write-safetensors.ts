import { expectModel, InputError } from '@convlens/core';
import { encodeFloat16 } from '@convlens/formats';
import type * as tf from '@tensorflow/tfjs';

/** The length of the header is padded to a multiple of this, in bytes. */
const ALIGNMENT = 8;

/** The exponent bits of a float16; all are set in infinity and NaN. */
const EXPONENT_BITS = 0x7c00;

/**
 * Writes the weights of a model as a safetensors file of float16 values, each under its original name, such
 * as "conv1/kernel". A value is rounded to the nearest float16, of two equally near ones to the even one.
 *
 * @throws InputError that names a weight with a value that is NaN or has a magnitude of 65,520 or more.
 */
export function writeSafetensors(model: tf.LayersModel): Uint8Array {
  expectModel('model', model);
  const header: Record<string, object> = {};
  const arrays: Uint16Array[] = [];
  let dataBytes = 0;
  for (const weight of model.weights) {
    const float16 = encodeWeight(weight);
    const end = dataBytes + float16.byteLength;
    header[weight.originalName] = { dtype: 'F16', shape: weight.shape, data_offsets: [dataBytes, end] };
    dataBytes = end;
    arrays.push(float16);
  }
  return joinFile(JSON.stringify(header), arrays, dataBytes);
}

function encodeWeight(weight: tf.LayerVariable): Uint16Array {
  const values = weight.read().dataSync<'float32'>();
  const float16 = Uint16Array.from(values, encodeFloat16);
  const overflowIndex = float16.findIndex((bits) => (bits & EXPONENT_BITS) === EXPONENT_BITS);
  if (overflowIndex >= 0)
    throw new InputError(
      `Expected ${weight.originalName} to fit float16 (absolute values below 65520), got ` +
        `${values[overflowIndex]} at index ${overflowIndex}`,
    );
  return float16;
}

/** The length of the header in 8 bytes, the header, and the arrays, all little-endian. */
function joinFile(header: string, arrays: readonly Uint16Array[], dataBytes: number): Uint8Array {
  const headerBytes = Math.ceil(header.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(8 + headerBytes + dataBytes);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(new TextEncoder().encode(header.padEnd(headerBytes)), 8);
  let offset = 8 + headerBytes;
  for (const array of arrays)
    for (const bits of array) {
      view.setUint16(offset, bits, true);
      offset += 2;
    }
  return bytes;
}
