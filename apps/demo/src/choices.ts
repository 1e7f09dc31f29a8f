import { make } from './dom.js';

export interface Choice {
  readonly value: string;
  /** Read aloud in place of what the label shows. */
  readonly name: string;
  readonly children: (Node | string)[];
}

export interface ChoicesOptions {
  /** Of the group; the radio buttons share it. */
  name: string;
  choices: readonly Choice[];
  chosen: string;
  onChoose: (value: string) => void;
}

/** Fills `group` with labels, of which one is chosen: radio buttons, so that the arrow keys move among them. */
export function fillChoices(group: HTMLElement, { name, choices, chosen, onChoose }: ChoicesOptions): void {
  const labels = choices.map(({ value, name: spoken, children }) => {
    const input = make('input', {
      type: 'radio',
      name,
      value,
      checked: value === chosen,
      className: 'unseen',
    });
    input.ariaLabel = spoken;
    input.addEventListener('change', () => onChoose(value));
    return make('label', { className: 'choice', children: [input, ...children] });
  });
  const hadFocus = group.contains(document.activeElement);
  group.replaceChildren(...labels);
  if (hadFocus) group.querySelector<HTMLElement>(':checked')?.focus();
}
