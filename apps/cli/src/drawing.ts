import { createDocument, svgToPng } from '@convlens/render-d3/node';

/** How figures are drawn where there is no browser. */
export const drawing = () => ({
  document: createDocument(),
  toPng: (svg: string) => svgToPng(svg),
});
