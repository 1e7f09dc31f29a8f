import { findEntry, type ModelCard } from '@convlens/core';
import type { LoadedModel } from '@convlens/models';
// Written by scripts/build-modules.js from cards/ and weights/.
import { entries, type PretrainedName } from './generated/entries.js';
import { restoreModel } from './restore-model.js';

export type { PretrainedName };

/** A loaded model, as `loadModel` of @convlens/models returns it, with its card. */
export interface PretrainedModel extends Required<LoadedModel> {
  readonly card: ModelCard;
}

/** The model cards of all pretrained models. Their weights are loaded by `loadPretrained` only. */
export const MODEL_CARDS: readonly (ModelCard & { readonly id: PretrainedName })[] = entries.map(
  ({ card }) => card,
);

/**
 * Loads a pretrained model. Its weights are in this package, in a module that is loaded when they are first
 * needed; nothing is downloaded from another server. The caller disposes the model.
 *
 * @throws InputError if there is no model of that name (it lists the names) or the weights are damaged.
 */
export async function loadPretrained(name: PretrainedName | (string & {})): Promise<PretrainedModel> {
  const card = findEntry('the pretrained model', name, MODEL_CARDS);
  const { base64 } = await entries[MODEL_CARDS.indexOf(card)].loadWeights();
  const { preprocessing, classNames } = card;
  return { model: restoreModel(card, decodeBase64(base64)), preprocessing, classNames, card };
}

function decodeBase64(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
