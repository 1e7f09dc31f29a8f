import { Window } from 'happy-dom';

/** A complete DOM, for tests that query figures by selectors. */
export const document = new Window().document as unknown as Document;

/** The text of a figure as an element of that DOM. */
export function parseFigure(text: string): Element {
  const holder = document.createElement('div');
  holder.innerHTML = text;
  return holder.firstElementChild!;
}
