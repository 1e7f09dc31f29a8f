import { expectOneOf } from '@convlens/core';
import type { TrainingSettings } from '../shared/training-settings.js';

const URL_PARAMETERS = ['epochs', 'images', 'learningRate', 'augmentation', 'model'] as const;

const selectOf = (form: HTMLFormElement, name: string) => form.elements.namedItem(name) as HTMLSelectElement;
const augmentationSwitch = (form: HTMLFormElement) =>
  form.elements.namedItem('augmentation') as HTMLInputElement;

/** The settings in the form. */
export function readSettings(form: HTMLFormElement): TrainingSettings {
  const numberOf = (name: string) => Number(selectOf(form, name).value);
  return {
    epochs: numberOf('epochs'),
    imageCount: numberOf('images'),
    learningRate: numberOf('learningRate'),
    augmentation: augmentationSwitch(form).checked,
  };
}

/**
 * Sets the form to the URL parameters, such as "?epochs=2&model=mnist-5x5".
 *
 * @throws InputError if a parameter or its value is unknown.
 */
export function applySearchParams(form: HTMLFormElement, search: string): void {
  for (const [name, value] of new URLSearchParams(search)) {
    expectOneOf('URL parameter', name, URL_PARAMETERS);
    if (name === 'augmentation') {
      augmentationSwitch(form).checked = expectOneOf(name, value, ['on', 'off']) === 'on';
    } else {
      const select = selectOf(form, name);
      const values = [...select.options].map((option) => option.value);
      select.value = expectOneOf(name, value, values);
    }
  }
}
