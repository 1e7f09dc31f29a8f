import { expectObject } from '../guards/values.js';

/** What is read of a layer or a model of TensorFlow.js to count who uses it. */
interface CountedLayer {
  /** How many calls of `dispose` it takes to free the weights; null before the first use. */
  _refCount?: number | null;
  /** The layers of a model. */
  readonly layers?: readonly CountedLayer[];
  /** The models inside a model, which it disposes once more. */
  readonly internalContainerRefs?: readonly CountedLayer[];
}

/**
 * Makes a model the only owner of its layers, so that `model.dispose()` frees the weights of all of them. TensorFlow.js counts
 * each call of a layer, but a model disposes a layer once: a layer or a model inside it that is called twice keeps its weights
 * for good.
 *
 * @param model a new model, whose layers nobody else has used yet. A model that uses one of them later counts by itself.
 */
export function ownLayers(model: object): void {
  expectObject('model', model);
  const disposals = new Map<CountedLayer, number>();
  const visit = ({ layers = [], internalContainerRefs = [] }: CountedLayer): void => {
    for (const layer of [...layers, ...internalContainerRefs]) {
      const count = disposals.get(layer) ?? 0;
      disposals.set(layer, count + 1);
      if (count === 0) visit(layer);
    }
  };
  visit(model);
  for (const [layer, count] of disposals) if (typeof layer._refCount === 'number') layer._refCount = count;
}
