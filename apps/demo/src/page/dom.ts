/** The element of the page with an id. */
export function getById<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`Expected the page to have #${id}`);
  return element as T;
}

/** A new element with properties and children. */
export function createElement<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { children = [], ...properties }: Partial<HTMLElementTagNameMap[K]> | { children?: (Node | string)[] } = {},
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...(children as (Node | string)[]));
  return element;
}
