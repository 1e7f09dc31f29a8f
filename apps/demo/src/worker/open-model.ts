import { UNIT_RANGE, type ModelCard, type Preprocessing } from '@convlens/core';
import { loadPretrained } from '@convlens/pretrained';
import type * as tf from '@tensorflow/tfjs';

/** A pretrained model, or a model from a file. */
export interface OpenedModel {
  readonly model: tf.LayersModel;
  readonly preprocessing: Preprocessing;
  /** If they are known. */
  readonly classNames?: readonly string[];
  /** Of a pretrained model. */
  readonly card?: ModelCard;
  /** The name of the file. */
  readonly file?: string;
  readonly warnings: readonly string[];
}

/** Opens a Keras file. The importer is loaded with the first file. */
export async function openModelFile(file: File): Promise<OpenedModel> {
  const { name } = file;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { importKeras } = await import('@convlens/model-import');
  const imported = await importKeras(bytes, { fileName: name });
  const warnings = imported.preprocessing ? [] : ['Input range unknown: assuming 0 to 1.'];
  return {
    model: imported.model,
    file: name,
    preprocessing: imported.preprocessing ?? UNIT_RANGE,
    warnings: [...warnings, ...imported.warnings],
  };
}

/** Opens a pretrained model. Its weights are loaded only now. */
export async function openPretrained(name: string): Promise<OpenedModel> {
  const { model, card, preprocessing, classNames } = await loadPretrained(name);
  return { model, card, preprocessing, classNames, warnings: [] };
}
