import { scoreTable, visualizationPresets, visualizeFeatures } from '@convlens/activations';
import '@convlens/tfjs-backend-simd';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { loadPretrained, type ModelCard } from '../../src/index.js';

/**
 * Tests that a model assigns the image that is optimized for a class to that class.
 *
 * @param steps default: those of the preset
 * @param classes default: all
 */
export function testClassImages(
  card: ModelCard,
  { steps, classes = card.classNames }: { steps?: number; classes?: readonly string[] } = {},
): void {
  const preset = card.inputShape[2] === 1 ? visualizationPresets.mnist : visualizationPresets.lucid;

  it(`${card.id} assigns images of ${classes.length} classes to their class, after ${steps ?? preset.steps} steps`, async () => {
    expect(await tf.setBackend('simd')).toBe(true);
    const { model, preprocessing, classNames } = await loadPretrained(card.id);
    const options = { preprocessing, classNames };
    const images = await visualizeFeatures(
      model,
      classes.map((name) => ({ kind: 'class', class: name })),
      { ...preset, ...options, steps: steps ?? preset.steps },
    );
    const { values } = await scoreTable(model, images, { ...options, score: 'probability' });
    const reached = classes.map((name, i) => {
      const probability = values[i * classNames.length + classNames.indexOf(name)];
      return [name, probability > 0.9];
    });
    expect(reached).toEqual(classes.map((name) => [name, true]));
    model.dispose();
  }, 300_000);
}
