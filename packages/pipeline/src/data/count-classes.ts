import { scoresOf } from '@convlens/activations';
import { expectOpenModel } from '../run/expect-open-model.js';
import type { OpenModel } from '../run/open-model.js';

/**
 * The number of classes of a model: 2 for one sigmoid unit, 0 for a value. Of an output that is no list of units, and of
 * several outputs without a choice, the last size of the first.
 */
export function countClasses(opened: Pick<OpenModel, 'model' | 'output'>): number {
  expectOpenModel('opened', opened);
  const { model, output } = opened;
  const [{ shape }] = model.outputs;
  const isChosen = output !== undefined || model.outputs.length === 1;
  return isChosen && shape.length === 2 ? scoresOf(model, { output }).classCount : (shape.at(-1) ?? 0);
}
