import { markOf, nextMark, selectedMark, tooltipText, type Point, type SelectedMark } from './marks.js';
import type { Tooltip } from './tooltip.js';

export interface MarkInspector {
  /** Updates the tooltip after the figure has changed. */
  refresh(): void;
  /** Removes all listeners. */
  destroy(): void;
}

function centerOf(element: Element): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}

/**
 * Shows the tooltip of the mark under the pointer or finger, moves between marks by key, and reports the mark
 * that is selected.
 */
export function inspectMarks(
  svg: SVGSVGElement,
  tooltip: Tooltip,
  onSelect?: (mark: SelectedMark) => void,
): MarkInspector {
  const listeners = new AbortController();
  /** The element with the tooltip, and the point of the tooltip. */
  let inspected: { target: Element; point: Point } | undefined;

  const hide = () => {
    inspected = undefined;
    tooltip.hide();
  };
  const show = (target: Element, point: Point) => {
    const mark = markOf(svg, target);
    if (!mark) return hide();
    inspected = { target, point };
    tooltip.show(tooltipText(mark, target, point), point);
  };
  const select = (mark: Element | undefined) => {
    if (mark) onSelect?.(selectedMark(mark));
  };
  const handlePointer = ({ target, clientX, clientY }: PointerEvent) =>
    show(target as Element, { x: clientX, y: clientY });
  const handleKey = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape') return hide();
    const current = inspected && markOf(svg, inspected.target);
    const isSelection = event.key === 'Enter' || event.key === ' ';
    const mark = isSelection ? current : nextMark(svg, current, event.key);
    if (!mark) return;
    event.preventDefault();
    if (isSelection) return select(mark);
    mark.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    show(mark, centerOf(mark));
  };

  const { signal } = listeners;
  svg.addEventListener('pointermove', handlePointer, { signal });
  svg.addEventListener('pointerdown', handlePointer, { signal });
  // The browser takes the pointer away when a finger begins to scroll.
  svg.addEventListener('pointercancel', hide, { signal });
  // A lifted finger leaves too, but its tooltip stays so that it can be read.
  svg.addEventListener('pointerleave', ({ pointerType }) => pointerType === 'mouse' && hide(), { signal });
  svg.addEventListener('click', ({ target }) => select(markOf(svg, target as Element)), { signal });
  svg.addEventListener('keydown', handleKey, { signal });
  svg.addEventListener('blur', hide, { signal });
  const handleOutside = ({ target }: Event) => svg.contains(target as Node) || hide();
  svg.ownerDocument.addEventListener('pointerdown', handleOutside, { signal });

  return {
    refresh() {
      if (inspected && svg.contains(inspected.target)) show(inspected.target, inspected.point);
      else hide();
    },
    destroy: () => listeners.abort(),
  };
}
