import { featureMapGrid, imageGrid, mount, trainingCurves } from '@convlens/render-d3';
import { historyOf, images, mapsOf } from './records.js';

/** Curves that grow, and a grid of maps that follows the chosen image. */
export function start(page) {
  const [curves, choices, maps] = ['div', 'div', 'div'].map((name) =>
    page.appendChild(document.createElement(name)),
  );
  const growing = mount(curves, { figure: trainingCurves, records: historyOf(1) });
  const following = mount(maps, { figure: featureMapGrid, records: mapsOf(0), options: { input: images } });
  const choosing = mount(choices, {
    figure: imageGrid,
    records: images,
    onChoose: ({ index }) => index !== undefined && following.update(mapsOf(index)),
  });
  return {
    showEpochs: (epochs) => growing.update(historyOf(epochs)),
    stop: () => [growing, following, choosing].forEach((figure) => figure.destroy()),
  };
}
