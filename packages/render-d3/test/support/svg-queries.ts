import { decode } from 'fast-png';

/** The images of a figure in document order, decoded: their size and the bytes of their pixels. */
export const rastersOf = (svg: Element) =>
  [...svg.querySelectorAll('image')].map((image) => {
    const base64 = image.getAttribute('href')!.replace('data:image/png;base64,', '');
    const { width, height, channels, data } = decode(Buffer.from(base64, 'base64'));
    return { width, height, channels, data: [...data], image };
  });

/** The text elements of a figure in document order. */
export const textsOf = (svg: Element) =>
  [...svg.querySelectorAll('text')].map(({ textContent }) => textContent!);

/** The tooltips of the marks of a figure. */
export const tooltipsOf = (svg: Element) =>
  [...svg.querySelectorAll('g > title, path > title, rect > title')].map(({ textContent }) => textContent!);

export const titleOf = (svg: Element) => svg.querySelector('title')!.textContent!;
export const descriptionOf = (svg: Element) => svg.querySelector('desc')!.textContent!;

/** The bars of a bar chart. */
export const barsOf = (svg: Element) => [...svg.querySelectorAll('g > rect[height="16"]')];

/** The symbols of a series of a dot plot, without the one of the legend. */
export const symbolsOf = (svg: Element, color: string) =>
  [...svg.querySelectorAll(`path[fill="${color}"]`)].filter((mark) => mark.querySelector('title'));

/** The x of a translated mark. */
export const translationOf = (mark: Element) =>
  Number(/translate\(([-\d.]+),/.exec(mark.getAttribute('transform')!)![1]);

export const numberOf = (element: Element, name: string) => Number(element.getAttribute(name));
