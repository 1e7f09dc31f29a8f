export { generateShapes, SHAPES_CLASSES, type GenerateShapesOptions } from './synthetic/generate-shapes.js';
