import { expectMethods, expectFunction, expectOptions, type OptionNames } from '@convlens/core';
import type { Figure, FigureOptions } from '../drawing/figure.js';
import { inspectMarks } from './inspect-marks.js';
import type { SelectedMark } from './marks.js';
import { patch } from './patch.js';
import { createTooltip } from './tooltip.js';
import { contentWidth, watchWidth } from './watch-width.js';

export interface MountOptions<R, O extends FigureOptions = FigureOptions> {
  readonly figure: Figure<R, O>;
  readonly records: R;
  /** The options of the figure. The default of `width` is the width of the element, and follows it. */
  readonly options?: O;
  /** Called when a mark is selected; with it, the figure has the cursor of a link. */
  readonly onSelect?: (mark: SelectedMark) => void;
}

const MOUNT_OPTIONS: OptionNames<MountOptions<unknown>> = {
  figure: true,
  records: true,
  options: true,
  onSelect: true,
};

/** A figure in a page. */
export interface MountedFigure<R, O extends FigureOptions = FigureOptions> {
  /** Renders other records, or with other options, into the same elements. */
  update(records: R, options?: O): void;
  /** Removes the figure and its listeners from the page. */
  destroy(): void;
}

/** The smallest width that a figure accepts, in pixels. */
const MIN_WIDTH = 240;

/** Renders a figure as wide as `element`, focusable by keyboard. */
function renderFor<R, O extends FigureOptions>(
  element: HTMLElement,
  { figure, records, options = {} as O, onSelect }: MountOptions<R, O>,
): SVGSVGElement {
  const available = contentWidth(element);
  // A hidden element has no width yet.
  const width = options.width ?? (available > 0 ? Math.max(MIN_WIDTH, available) : Infinity);
  const svg = figure(records, { ...options, document: element.ownerDocument, width });
  svg.setAttribute('tabindex', '0');
  if (onSelect) svg.setAttribute('cursor', 'pointer');
  return svg;
}

/**
 * Shows a live figure in an element of a page. Marks have tooltips, with the value of the pixel on a map; the
 * arrow keys move between marks. `update` changes the elements in place.
 *
 * @throws InputError if `options` has an unknown name, and the errors of the figure
 */
export function mount<R, O extends FigureOptions>(
  element: HTMLElement,
  options: MountOptions<R, O>,
): MountedFigure<R, O> {
  expectOptions('mount', options, MOUNT_OPTIONS);
  expectMethods('element', element, 'an element', ['setAttribute']);
  expectFunction('figure', options?.figure);
  let current = options;
  const svg = renderFor(element, current);
  const tooltip = createTooltip(element.ownerDocument);
  element.append(svg, tooltip.element);
  const inspector = inspectMarks(svg, tooltip, options.onSelect);
  const redraw = () => {
    patch(svg, renderFor(element, current));
    inspector.refresh();
  };
  const stopWatching = watchWidth(element, redraw);
  return {
    update(records, figureOptions = current.options) {
      current = { ...current, records, options: figureOptions };
      redraw();
    },
    destroy() {
      stopWatching();
      inspector.destroy();
      svg.remove();
      tooltip.element.remove();
    },
  };
}
