import { featureMapGrid, imageGrid, mount, trainingCurves } from '@convlens/render-d3';
import { useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { featureMapsOf, historyOf, images } from './records.js';

/** A figure as a component: mounted once, updated in place when its records change. */
function Figure({ figure, records, options, onSelect }) {
  const element = useRef(null);
  const mounted = useRef(null);
  useEffect(() => {
    mounted.current = mount(element.current, { figure, records, options, onSelect });
    return () => mounted.current.destroy();
    // The figure is mounted once; changes go through update.
  }, [figure]);
  useEffect(() => mounted.current.update(records, options), [records, options]);
  return <div ref={element} />;
}

const WITH_INPUT = { input: images };

function App({ epochs }) {
  const [index, setIndex] = useState(0);
  return (
    <>
      <Figure figure={trainingCurves} records={historyOf(epochs)} />
      <Figure figure={imageGrid} records={images} onSelect={(mark) => setIndex(mark.index ?? 0)} />
      <Figure figure={featureMapGrid} records={featureMapsOf(index)} options={WITH_INPUT} />
    </>
  );
}

export function start(page) {
  const root = createRoot(page);
  const showEpochs = (epochs) => root.render(<App epochs={epochs} />);
  showEpochs(1);
  return { showEpochs, stop: () => root.unmount() };
}
