import { expectOneOf } from '@convlens/core';

/** What the reader decides about a training. */
export interface Settings {
  readonly epochs: number;
  /** How many images it trains on. */
  readonly images: number;
  readonly learningRate: number;
  /** Whether the training images are flipped, shifted, turned and zoomed at random. */
  readonly augmentation: boolean;
}

const selectOf = (form: HTMLFormElement, name: string) => form.elements.namedItem(name) as HTMLSelectElement;
const switchOf = (form: HTMLFormElement) => form.elements.namedItem('augmentation') as HTMLInputElement;

/** The settings as they stand in the form. */
export function readSettings(form: HTMLFormElement): Settings {
  const numberOf = (name: string) => Number(selectOf(form, name).value);
  return {
    epochs: numberOf('epochs'),
    images: numberOf('images'),
    learningRate: numberOf('learningRate'),
    augmentation: switchOf(form).checked,
  };
}

/** Puts settings from an address, such as "?epochs=2&network=mnist-5x5", into the form; throws an InputError on others. */
export function applyAddress(form: HTMLFormElement, search: string): void {
  for (const [name, value] of new URLSearchParams(search)) {
    expectOneOf('the setting in the address', name, [
      'epochs',
      'images',
      'learningRate',
      'augmentation',
      'network',
    ]);
    if (name === 'augmentation') {
      switchOf(form).checked = expectOneOf(name, value, ['on', 'off']) === 'on';
    } else {
      const select = selectOf(form, name);
      const choices = [...select.options].map((option) => option.value);
      select.value = expectOneOf(name, value, choices);
    }
  }
}

/** The epoch a training stops after: the one that was asked for, or as many more if that is done. */
export const lastEpoch = (done: number, { epochs }: Settings): number =>
  done < epochs ? epochs : done + epochs;
