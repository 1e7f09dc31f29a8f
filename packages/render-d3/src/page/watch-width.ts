/**
 * The width of the content of an element, without its padding, in whole pixels; 0 if the element is not
 * shown.
 */
export function contentWidth(element: HTMLElement): number {
  const { paddingLeft, paddingRight } = element.ownerDocument.defaultView!.getComputedStyle(element);
  const padding = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight);
  return Math.max(0, Math.floor(element.clientWidth - padding));
}

/** Calls `onChange` whenever the content width of an element changes; returns a function that stops it. */
export function watchWidth(element: HTMLElement, onChange: () => void): () => void {
  let width = contentWidth(element);
  const observer = new element.ownerDocument.defaultView!.ResizeObserver(() => {
    if (contentWidth(element) === width) return;
    width = contentWidth(element);
    onChange();
  });
  observer.observe(element);
  return () => observer.disconnect();
}
