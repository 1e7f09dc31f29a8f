import { InputError } from '@convlens/core';
import { buildModel } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { fromBinary16 } from './binary16.js';
import type { ModelCard } from './model-card.js';
import { sha256Of } from './sha256.js';

/** An entry in the header of a safetensors file. */
interface Entry {
  readonly shape: number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Builds the network of a card and gives it its weights; the caller disposes it. Throws an InputError unless the bytes have
 * the checksum of the card, and a weight for each that the architecture has.
 */
export function restoreModel(card: ModelCard, bytes: Uint8Array): tf.LayersModel {
  const { name, architecture, inputShape, classNames, preprocessing, weights } = card;
  const sha256 = sha256Of(bytes);
  if (sha256 !== weights.sha256)
    throw new InputError(
      `Expected the weights of ${name} to have the SHA-256 ${weights.sha256}, got ${sha256} (${bytes.length} of ${weights.bytes} bytes): install @convlens/pretrained again`,
    );
  // Bytes of that checksum are a file that packWeights wrote.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const entries: Record<string, Entry> = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));

  const model = buildModel(architecture, { inputShape: [...inputShape], classes: classNames.length });
  try {
    for (const weight of model.weights) {
      const entry = entries[weight.originalName];
      if (entry?.shape.join() !== weight.shape.join())
        throw new InputError(
          `Expected ${weight.originalName} of ${name} to be ${weight.shape.join(' x ')}, as in this version's ${architecture}, got ${entry?.shape.join(' x ') ?? 'none'}`,
        );
      const [from, to] = entry.data_offsets;
      const values = new Float32Array((to - from) / 2);
      for (let i = 0; i < values.length; i++)
        values[i] = fromBinary16(view.getUint16(start + from + 2 * i, true));
      tf.tidy(() => void weight.write(tf.tensor(values, entry.shape)));
    }
  } catch (error) {
    model.dispose();
    throw error;
  }
  // So that whoever saves the model by TensorFlow.js alone saves these too.
  model.setUserDefinedMetadata({ convlens: { preprocessing, classNames } });
  return model;
}
