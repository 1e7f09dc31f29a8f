import { UNIT_RANGE, type Preprocessing } from '@convlens/core';
import { loadPretrained, type ModelCard } from '@convlens/pretrained';
import type * as tf from '@tensorflow/tfjs';

/** A network that was trained elsewhere. */
export interface OpenedNetwork {
  readonly model: tf.LayersModel;
  readonly preprocessing: Preprocessing;
  /** Where they are known. */
  readonly classNames?: readonly string[];
  /** Of a pretrained one. */
  readonly card?: ModelCard;
  /** The file it came from, if it came from one. */
  readonly file?: string;
  readonly notes: readonly string[];
}

/** Opens the network in a file of Keras. What reads such files is loaded with the first one. */
export async function openFile(file: File): Promise<OpenedNetwork> {
  const { name } = file;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { importKeras } = await import('@convlens/model-import');
  const { model, notes, preprocessing } = await importKeras(bytes, { name });
  const scale = preprocessing ? [] : ['It is given pixels from 0 to 1: its file does not say what it reads.'];
  return { model, file: name, preprocessing: preprocessing ?? UNIT_RANGE, notes: [...scale, ...notes] };
}

/** Opens a pretrained network; its weights are loaded only now. */
export async function openPretrained(name: string): Promise<OpenedNetwork> {
  const { model, card, preprocessing, classNames } = await loadPretrained(name);
  return { model, card, preprocessing, classNames, notes: [] };
}
