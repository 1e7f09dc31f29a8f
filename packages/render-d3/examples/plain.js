import { featureMapGrid, imageGrid, mount, trainingCurves } from '@convlens/render-d3';
import { featureMapsOf, historyOf, images } from './records.js';

/** Training curves that grow, and the feature maps of the selected image. */
export function start(page) {
  const [curvesElement, imagesElement, mapsElement] = ['div', 'div', 'div'].map((name) =>
    page.appendChild(document.createElement(name)),
  );
  const curves = mount(curvesElement, { figure: trainingCurves, records: historyOf(1) });
  const maps = mount(mapsElement, {
    figure: featureMapGrid,
    records: featureMapsOf(0),
    options: { input: images },
  });
  const grid = mount(imagesElement, {
    figure: imageGrid,
    records: images,
    onSelect: ({ index }) => index !== undefined && maps.update(featureMapsOf(index)),
  });
  return {
    showEpochs: (epochs) => curves.update(historyOf(epochs)),
    stop: () => [curves, maps, grid].forEach((figure) => figure.destroy()),
  };
}
