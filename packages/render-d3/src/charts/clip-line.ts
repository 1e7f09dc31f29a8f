export type PixelPoint = readonly [x: number, y: number];

const ROUNDING = 1e-6;

/** The point where a segment crosses a horizontal line. */
function crossing([x1, y1]: PixelPoint, [x2, y2]: PixelPoint, y: number): PixelPoint {
  return [x1 + ((x2 - x1) * (y - y1)) / (y2 - y1), y];
}

/**
 * A line cut at `top` and `bottom`: it ends on them where it leaves the space between, and is interrupted (y is NaN)
 * where it is beyond. Points whose y is not finite interrupt it too.
 */
export function clipLine(
  points: readonly PixelPoint[],
  borders: { top: number; bottom: number },
): PixelPoint[] {
  // A value at the end of the axis may be beyond it by a rounding error.
  const [top, bottom] = [borders.top - ROUNDING, borders.bottom + ROUNDING];
  const isInside = ([, y]: PixelPoint) => y >= top && y <= bottom;
  const clipped: PixelPoint[] = [];
  points.forEach((point, i) => {
    const before = points[i - 1];
    if (before && Number.isFinite(before[1]) && Number.isFinite(point[1])) {
      // A segment from above to below crosses both borders.
      const crossed = point[1] > before[1] ? [top, bottom] : [bottom, top];
      for (const y of crossed)
        if ((before[1] - y) * (point[1] - y) < 0) {
          if (!isInside(before) && y === crossed[0]) clipped.push([point[0], NaN]);
          clipped.push(crossing(before, point, y));
        }
    }
    clipped.push(isInside(point) ? point : [point[0], NaN]);
  });
  return clipped;
}
