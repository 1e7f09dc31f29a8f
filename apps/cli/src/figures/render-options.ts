import { createDocument, svgToPng } from '@convlens/render-d3/node';

/** The document and the PNG renderer for figures in Node. */
export const renderOptions = () => ({ document: createDocument(), toPng: (svg: string) => svgToPng(svg) });
