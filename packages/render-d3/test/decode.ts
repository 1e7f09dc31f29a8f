import { decode } from 'fast-png';

/** The pictures of a figure in the order they were drawn, decoded: their size and the bytes of their pixels. */
export const picturesOf = (svg: Element) =>
  [...svg.querySelectorAll('image')].map((image) => {
    const base64 = image.getAttribute('href')!.replace('data:image/png;base64,', '');
    const { width, height, channels, data } = decode(Buffer.from(base64, 'base64'));
    return { width, height, channels, data: [...data], image };
  });

/** What stands in a figure, text by text. */
export const textsOf = (svg: Element) =>
  [...svg.querySelectorAll('text')].map(({ textContent }) => textContent);

export const numberOf = (element: Element, name: string) => Number(element.getAttribute(name));
