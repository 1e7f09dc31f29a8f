import { InputError } from '@convlens/core';
import type { LoadedModel } from '@convlens/models';
// Written by scripts/build-modules.js from cards/ and weights/.
import { networks } from './generated/networks.js';
import type { ModelCard } from './model-card.js';
import { restoreModel } from './restore-model.js';

export type PretrainedName = keyof typeof networks;

/** What loadModel of @convlens/models gives, and the card. */
export interface PretrainedModel extends Required<LoadedModel> {
  readonly card: ModelCard;
}

const names = Object.keys(networks) as PretrainedName[];

/** Every network that is here, by its name: its card, without its weights. */
export const PRETRAINED = Object.fromEntries(names.map((name) => [name, networks[name].card])) as Readonly<
  Record<PretrainedName, ModelCard>
>;

/**
 * Loads a trained network, ready to predict, from this package alone: nothing is fetched, but for the part of the bundle
 * that holds its weights. The caller disposes the model.
 *
 * @throws InputError for a name that is not here, which lists those that are, and if the weights are damaged.
 */
export async function loadPretrained(name: PretrainedName | (string & {})): Promise<PretrainedModel> {
  if (!Object.hasOwn(networks, name))
    throw new InputError(
      `Expected a pretrained network, one of ${names.join(', ')}, got ${JSON.stringify(name)}`,
    );
  const { card, weights } = networks[name as PretrainedName];
  const { base64 } = await weights();
  const { preprocessing, classNames } = card;
  return { model: restoreModel(card, fromBase64(base64)), preprocessing, classNames, card };
}

function fromBase64(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
