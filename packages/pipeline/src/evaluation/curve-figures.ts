import type { ClassCurves } from '@convlens/core';
import { precisionRecallCurves, rocCurves } from '@convlens/render-d3';
import type { FigureSpec } from '../figures/figure-spec.js';

/** The curves of classes, and how they are read. */
interface Curves {
  readonly curves: readonly ClassCurves[];
  /** Whether the classes have probabilities of their own. */
  readonly isMultiLabel?: boolean;
  /** The threshold of two classes; default 0.5. */
  readonly threshold?: number;
}

type UnnamedFigure = Omit<FigureSpec, 'name'>;

/** How curves are read: of two classes there is one with a threshold, else one for each class. */
function noteFor({ curves, isMultiLabel }: Curves, binary: string, several: string): string {
  if (isMultiLabel) return `One curve per class, the images of the class against all others. ${several}`;
  return curves.length === 2 ? binary : `One curve per class, against all other classes. ${several}`;
}

/** The text of the threshold that is marked. */
const ringed = ({ threshold = 0.5 }: Curves) => `that of ${threshold} is ringed`;

const AREA =
  'The further up and left, the better. The area under the curve (AUC) is the probability that an image of the class has a ' +
  'higher probability than another image.';

/** The receiver operating characteristic of each class. */
export function rocFigure(options: Curves): UnnamedFigure {
  const { curves, ...curveOptions } = options;
  return {
    caption: 'The true positive rate by the false positive rate, over all thresholds of the probability.',
    note: noteFor(options, `Each threshold is a point; ${ringed(options)}. ${AREA}`, AREA),
    render: (figureOptions) => rocCurves(curves, { ...figureOptions, ...curveOptions }),
  };
}

/** The precision-recall curve of each class. */
export function precisionRecallFigure(options: Curves): UnnamedFigure {
  const { curves, ...curveOptions } = options;
  return {
    caption: 'The precision by the recall, over all thresholds of the probability.',
    note: noteFor(
      options,
      'A lower threshold finds more images of the class (recall), and more that are none of it (lower ' +
        `precision); ${ringed(options)}. The curve says more than the other where the class is rare.`,
      'It says more than the other curve where a class is rare.',
    ),
    render: (figureOptions) => precisionRecallCurves(curves, { ...figureOptions, ...curveOptions }),
  };
}
