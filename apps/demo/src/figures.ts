import { methodName, type EpochRecord, type ImageSet } from '@convlens/core';
import {
  featureMapGrid,
  heatmapComparison,
  heatmapOverlay,
  probabilityBars,
  trainingCurves,
  unitActivationBars,
} from '@convlens/render-d3';
import { find } from './dom.js';
import type { Sight, View } from './messages.js';

export const darkMode = matchMedia('(prefers-color-scheme: dark)');
const theme = () => (darkMode.matches ? 'dark' : 'light');

/** Pixels, below which a page is a telephone's: some figures are drawn in another way there. */
const NARROW = 600;
function show(id: string, svg?: SVGSVGElement): void {
  // Larger than drawn, it would have letters of another size than its neighbours.
  if (svg) svg.style.maxWidth = `${svg.getAttribute('width')}px`;
  find(id).replaceChildren(...(svg ? [svg] : []));
}

/** The curves, once there is an epoch to draw. */
export function drawCurves(history: readonly EpochRecord[]): void {
  find('curves-later').hidden = history.length > 0;
  show('curves', history.length ? trainingCurves(history, { theme: theme() }) : undefined);
}

/** What one image, `subject` in words, is in a layer, what the network says of it, and where it looks. */
export function drawSight(
  { predictions, maps, heatmap }: Sight,
  { images, index, subject }: Pick<View, 'index'> & { images: ImageSet; subject: string },
): void {
  const { classNames, labels } = images;
  const isNarrow = innerWidth < NARROW;
  const options = { theme: theme() } as const;
  const prediction = {
    ...predictions.find((candidate) => candidate.index === index)!,
    label: labels?.[index],
  };
  const said = classNames[heatmap.classIndex];
  const made = { ...options, title: `What ${maps.layer} makes of ${subject}` };
  show(
    'maps',
    maps.height * maps.width === 1
      ? unitActivationBars(maps, made)
      : featureMapGrid(maps, { ...made, columns: isNarrow ? 4 : 8 }),
  );
  const says = `What the network says of ${subject}`;
  show('probabilities', probabilityBars(prediction, { ...options, classNames, title: says }));
  const looks = { ...options, title: `Where it looks for ${said} (${methodName(heatmap.method)})` };
  show(
    'cam',
    isNarrow
      ? heatmapComparison({ heatmaps: [heatmap], images }, looks)
      : heatmapOverlay({ heatmap, images }, looks),
  );
}
