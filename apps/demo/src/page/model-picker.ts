import { formatCount, formatPercent, type ModelCard } from '@convlens/core';
import type { OpenedModelSummary } from '../shared/messages.js';
import { createElement, getById } from './dom.js';

/** The value of the option for a model from a file. */
const FILE_VALUE = 'file';

const datasetTitle = ({ data }: ModelCard) => data.source.split(':')[0];

/** The open model in a few sentences; empty for the model that is trained here. */
function describeModel({ card, file, warnings }: OpenedModelSummary): string {
  if (file !== undefined) return [`${file} is open.`, ...warnings].join(' ');
  if (!card) return '';
  const { id, classNames, data, evaluation } = card;
  const accuracy = formatPercent(evaluation.float16.accuracy);
  return (
    `${id} is open. It was trained on ${formatCount(data.trainCount, 'image')} of ${datasetTitle(card)} and has an ` +
    `accuracy of ${accuracy} on ${formatCount(evaluation.count, 'test image')}. ` +
    `Classes: ${classNames.slice(0, -1).join(', ')} and ${classNames.at(-1)!}. ` +
    'The images shown here belong to none of these; it predicts one of them all the same.'
  );
}

export interface ModelPickerOptions {
  /** The name of the model that is trained here. */
  trainedHere: string;
  onSelectTrainedHere: () => void;
  onSelectPretrained: (name: string) => void;
}

export interface ModelPicker {
  /** The value of the selected option. */
  selected(): string;
  /** Selects and describes the open model; without an argument, the model that is trained here. */
  show(opened?: OpenedModelSummary): void;
}

/** The list of models, and the description of the one that is open. */
export function createModelPicker(
  cards: readonly ModelCard[],
  { trainedHere, onSelectTrainedHere, onSelectPretrained }: ModelPickerOptions,
): ModelPicker {
  const select = getById<HTMLSelectElement>('model');
  const options = [
    createElement('option', { value: trainedHere, textContent: `${trainedHere}, trained here` }),
    ...cards.map((card) =>
      createElement('option', {
        value: card.id,
        textContent: `${card.id}, trained on ${datasetTitle(card)}`,
      }),
    ),
  ];
  select.replaceChildren(...options);
  select.disabled = false;
  select.addEventListener('change', () => {
    // The bytes of a file are not kept, so it cannot be selected again.
    select.querySelector(`[value=${FILE_VALUE}]`)?.remove();
    if (select.value === trainedHere) onSelectTrainedHere();
    else onSelectPretrained(select.value);
  });

  return {
    selected: () => select.value,
    show(opened) {
      const { card, file } = opened ?? {};
      const fileOptions =
        file === undefined ? [] : [createElement('option', { value: FILE_VALUE, textContent: file })];
      select.replaceChildren(...options, ...fileOptions);
      select.value = file === undefined ? (card?.id ?? trainedHere) : FILE_VALUE;
      getById('model-status').textContent = opened ? describeModel(opened) : '';
      getById('limitations').hidden = !card;
      getById('limitations-list').replaceChildren(
        ...(card?.limitations ?? []).map((textContent) => createElement('li', { textContent })),
      );
    },
  };
}
