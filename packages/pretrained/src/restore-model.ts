import { InputError, type ModelCard } from '@convlens/core';
import { decodeFloat16 } from '@convlens/formats';
import { buildModel } from '@convlens/models';
import * as tf from '@tensorflow/tfjs';
import { sha256 } from './sha256.js';

/** An entry in the header of a safetensors file. */
interface TensorHeader {
  readonly shape: readonly number[];
  readonly data_offsets: readonly [start: number, end: number];
}

/**
 * Builds the model of a card and sets its weights from a safetensors file. The caller disposes the model.
 *
 * @throws InputError if the bytes do not have the checksum of the card, or the file does not have the weights
 * of the architecture.
 */
export function restoreModel(card: ModelCard, bytes: Uint8Array): tf.LayersModel {
  const { architecture, inputShape, classNames, preprocessing } = card;
  expectChecksum(card, bytes);
  const model = buildModel(architecture, { inputShape: [...inputShape], classes: classNames.length });
  try {
    setWeights(model, card, bytes);
  } catch (error) {
    model.dispose();
    throw error;
  }
  // The metadata is saved with the model, also by model.save of TensorFlow.js.
  model.setUserDefinedMetadata({ convlens: { preprocessing, classNames } });
  return model;
}

function expectChecksum({ id, weights }: ModelCard, bytes: Uint8Array): void {
  const checksum = sha256(bytes);
  if (checksum !== weights.sha256)
    throw new InputError(
      `Expected the weights of ${id} to have the SHA-256 ${weights.sha256}, got ${checksum} ` +
        `(${bytes.length} of ${weights.bytes} bytes): reinstall @convlens/pretrained`,
    );
}

/** The checksum proves that `writeSafetensors` wrote the bytes, so their header is not checked again. */
function setWeights(model: tf.LayersModel, { id, architecture }: ModelCard, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = 8 + Number(view.getBigUint64(0, true));
  const headers: Record<string, TensorHeader> = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, dataStart)),
  );
  for (const weight of model.weights) {
    const header = headers[weight.originalName];
    if (header?.shape.join() !== weight.shape.join())
      throw new InputError(
        `Expected ${weight.originalName} of ${id} to be ${weight.shape.join(' x ')}, as in this version of ` +
          `${architecture}, got ${header?.shape.join(' x ') ?? 'none'}`,
      );
    const [start, end] = header.data_offsets;
    const values = Float32Array.from({ length: (end - start) / 2 }, (_, i) =>
      decodeFloat16(view.getUint16(dataStart + start + 2 * i, true)),
    );
    tf.tidy(() => void weight.write(tf.tensor(values, [...header.shape])));
  }
}
