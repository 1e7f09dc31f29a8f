import type { VisualizationPreset } from '@convlens/activations';
import { formatPercent, type ScoreTable } from '@convlens/core';
import type { VisualizationRecipe } from './visualization-recipe.js';

/** How the images were optimized. */
export type OptimizedBy = Required<Pick<VisualizationPreset, 'score' | 'steps'>> & {
  readonly recipe: VisualizationRecipe;
};

/** The number of classes that are named; more would hide the advice that follows them. */
const MAX_NAMED = 5;

interface ClassResult {
  readonly name: string;
  /** The probability of the class that the image is optimized for. */
  readonly probability: number;
  /** The class with the highest probability, and that probability. */
  readonly highest: { readonly name: string; readonly probability: number };
}

/** One result per image. The image of a name is optimized for the class of that name. */
function classResults({ names, classNames, values }: ScoreTable): ClassResult[] {
  return names.map((name, i) => {
    const row = values.subarray(i * classNames.length, (i + 1) * classNames.length);
    const best = row.reduce((highest, value, c) => (value > row[highest] ? c : highest), 0);
    return {
      name,
      probability: row[classNames.indexOf(name)],
      highest: { name: classNames[best], probability: row[best] },
    };
  });
}

function describeMissed({ name, probability, highest }: ClassResult): string {
  const other =
    highest.name === name ? 'the highest' : `${highest.name} has ${formatPercent(highest.probability)}`;
  return `${name} ${formatPercent(probability)} (${other})`;
}

/** What to change, by what was not done yet. */
function adviceFor({ score, steps, recipe }: OptimizedBy): string {
  const byScore = score === 'margin' ? '' : `the score margin in place of ${score}, `;
  return `Try ${byScore}more steps than ${steps}, or another recipe than ${recipe}.`;
}

/**
 * Whether the model assigns each image to the class that it is optimized for, with a probability of more than
 * one half, and what to try where it does not.
 *
 * @param scores the probabilities of images that are optimized for classes
 */
export function describeReachedClasses(scores: ScoreTable, optimizedBy: OptimizedBy): string {
  const results = classResults(scores);
  const missed = results.filter(({ probability }) => !(probability > 0.5));
  const count = results.length;
  if (missed.length === 0) {
    const lowest = formatPercent(Math.min(...results.map(({ probability }) => probability)));
    return count === 1
      ? `The image reaches its class, with a probability of ${lowest}.`
      : `All ${count} images reach their class, with a probability of ${lowest} or more.`;
  }
  const named = missed.slice(0, MAX_NAMED).map(describeMissed).join(', ');
  const more = missed.length > MAX_NAMED ? ` and ${missed.length - MAX_NAMED} more` : '';
  const reached = `${count - missed.length} of ${count} images reach their class`;
  return `${reached}. Not reached, with the probability of the class: ${named}${more}. ${adviceFor(optimizedBy)}`;
}
