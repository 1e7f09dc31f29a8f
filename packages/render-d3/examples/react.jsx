import { featureMapGrid, imageGrid, mount, trainingCurves } from '@convlens/render-d3';
import { useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { historyOf, images, mapsOf } from './records.js';

/** A figure as a component: drawn once, then updated in place whenever its records change. */
function Figure({ figure, records, options, onChoose }) {
  const element = useRef(null);
  const mounted = useRef(null);
  useEffect(() => {
    mounted.current = mount(element.current, { figure, records, options, onChoose });
    return () => mounted.current.destroy();
    // The figure is mounted once; what changes goes through update.
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
      <Figure figure={imageGrid} records={images} onChoose={(choice) => setIndex(choice.index ?? 0)} />
      <Figure figure={featureMapGrid} records={mapsOf(index)} options={WITH_INPUT} />
    </>
  );
}

export function start(page) {
  const root = createRoot(page);
  const showEpochs = (epochs) => root.render(<App epochs={epochs} />);
  showEpochs(1);
  return { showEpochs, stop: () => root.unmount() };
}
