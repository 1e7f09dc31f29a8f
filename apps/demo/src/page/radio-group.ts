import { createElement } from './dom.js';

export interface RadioOption {
  readonly value: string;
  /** The accessible name, in place of the label's text. */
  readonly ariaLabel: string;
  /** The tooltip; default none. */
  readonly title?: string;
  /** The content of the label. */
  readonly children: (Node | string)[];
}

export interface RadioGroupOptions {
  /** The name that the radio buttons share. */
  name: string;
  options: readonly RadioOption[];
  /** The value of the selected option. */
  selected: string;
  onSelect: (value: string) => void;
}

/** Fills `group` with labels around hidden radio buttons, so that the arrow keys move between them. */
export function renderRadioGroup(
  group: HTMLElement,
  { name, options, selected, onSelect }: RadioGroupOptions,
): void {
  const labels = options.map(({ value, ariaLabel, title = '', children }) => {
    const input = createElement('input', {
      type: 'radio',
      name,
      value,
      checked: value === selected,
      className: 'visually-hidden',
      ariaLabel,
    });
    input.addEventListener('change', () => onSelect(value));
    return createElement('label', { className: 'radio-option', title, children: [input, ...children] });
  });
  const hadFocus = group.contains(document.activeElement);
  group.replaceChildren(...labels);
  if (hadFocus) group.querySelector<HTMLElement>(':checked')?.focus();
}
