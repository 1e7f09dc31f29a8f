import { Window } from 'happy-dom';

/** A whole DOM, for tests that look into figures by selectors. */
export const document = new Window().document as unknown as Document;

/** A figure that was drawn elsewhere, as an element of that DOM. */
export function parseFigure(text: string): Element {
  const holder = document.createElement('div');
  holder.innerHTML = text;
  return holder.firstElementChild!;
}
