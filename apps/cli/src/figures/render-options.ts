import { createDocument } from '@convlens/render-d3/node';
import { svgToPng } from '@convlens/svg-to-png';

/** The document and the PNG renderer for figures in Node. */
export const renderOptions = () => ({ document: createDocument(), toPng: (svg: string) => svgToPng(svg) });
